// A cache that is full of tokens, and the bytes for each. The tokens themselves are made one at a time and let go.
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { measureHeap } from '../lib/heap.mjs'
import { connectInProcess, createOpaqueTokens } from '../lib/in-process-zitadel.mjs'
import { createSigner } from '../lib/jwt-signer.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { kind, count } = readArgument()
const cache = { ttlSeconds: 3_600, maxEntries: count + 1, maxBytes: Number.MAX_SAFE_INTEGER }

const kinds = {
  opaque: () => ({ auth: createZitadelAuth({ ...connectInProcess(), cache }), tokens: createOpaqueTokens(count + 1) }),
  jwt() {
    const { jwks, projectId, createJwts } = createSigner()
    const { fetch, domain } = connectInProcess()
    const auth = createZitadelAuth({ domain, fetch, cache, verification: 'jwt', projectId, jwks })
    return { auth, tokens: createJwts(count + 1) }
  },
}

const { auth, tokens } = kinds[kind]()
const check = (token) => auth.authenticate(`Bearer ${token}`)

// What the first request sets up is not the token's.
await check(tokens.next().value)
const before = await measureHeap()
await concurrently(tokens, 50, check)
const after = await measureHeap()
// The cache must outlive its measurement.
auth.forgetAll()
answerQuestions((after - before) / count)
