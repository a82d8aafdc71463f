// One server under test: one framework, one way of protecting its only route. It tells how much CPU it has used.
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { framework, variant, zitadel } = readArgument()
const { listen } = await import(`./${framework}.mjs`)
const port = await listen(variant, zitadel)

answerQuestions(`http://127.0.0.1:${port}/`, {
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
})
