// One server under test: one framework, one way of protecting its only route. It tells how much CPU it has used.
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { framework, protection, zitadel } = readArgument()
const { listen } = await import(`./${framework}.mjs`)
const port = await listen(protection, zitadel)

answerQuestions(`http://127.0.0.1:${port}/`, {
  /** User and system CPU in microseconds, of all its threads. */
  cpuUsage: () => process.cpuUsage(),
})
