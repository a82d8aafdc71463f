// Runs one group in a process of its own, so that it meets neither the garbage nor the compiled code of another.
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { group, size, setting } = readArgument()
const { measureGroup } = await import(`./${group}.mjs`)
answerQuestions(await measureGroup(size, setting))
