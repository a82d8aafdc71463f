// A cache at its limit, before and after a flood of tokens that nobody has seen before.
import { setImmediate } from 'node:timers/promises'
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { measureHeap } from '../lib/heap.mjs'
import { connectInProcess, createOpaqueTokens } from '../lib/in-process-zitadel.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { count } = readArgument()
const auth = createZitadelAuth(connectInProcess())
const check = async (token) => {
  await auth.authenticate(`Bearer ${token}`)
  // As with a real network, where Node.js lets go of old deadlines between the turns of its event loop.
  await setImmediate()
}
const defaultEntries = 10_000

const tokens = createOpaqueTokens(defaultEntries + count)
const full = Array.from({ length: defaultEntries }, () => tokens.next().value)
await concurrently(full, 50, check)
full.length = 0
const before = await measureHeap()
await concurrently(tokens, 50, check)
const after = await measureHeap()
auth.forgetAll()
answerQuestions({ before, after })
