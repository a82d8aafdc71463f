// Many requests at once in this process, and how long they take together.
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { issuer, key } = readArgument()
const auth = createZitadelAuth({ domain: issuer, key })

answerQuestions('ready', {
  /** Every token so many times, in an order in which new and known ones mix. */
  async request({ tokens, perToken, concurrency }) {
    const headers = mix(tokens, perToken)
    const started = performance.now()
    await concurrently(headers, concurrency, (header) => auth.authenticate(header))
    return performance.now() - started
  },
})

function mix(tokens, perToken) {
  const stride = 7_919
  const all = tokens.length * perToken
  return Array.from({ length: all }, (_, i) => `Bearer ${tokens[((i * stride) % all) % tokens.length]}`)
}
