// How long the import of a library takes, in a process that has imported nothing else.
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const name = readArgument()
const started = performance.now()
await import(name)
answerQuestions(performance.now() - started)
