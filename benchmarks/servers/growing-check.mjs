// What CPU one check takes with so many roles, so long claims or so many cached tokens. ZITADEL answers without a network.
import { hash } from 'node:crypto'
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { connectInProcess, createOpaqueTokens, toRoles } from '../lib/in-process-zitadel.mjs'
import { measureOperationCpu } from '../lib/operation-cpu.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { operation, kind, step, size } = readArgument()
/** Room for everything, as long as it is measured. */
const cache = { ttlSeconds: 3_600, maxEntries: 100_000, maxBytes: Number.MAX_SAFE_INTEGER }

const operations = {
  cached: { roles: () => checkOne(cache), claims: () => checkOne(cache), tokens: checkInTurn },
  uncached: { roles: () => checkOne(false), claims: () => checkOne(false) },
  'look-up': { tokens: lookUpInTurn },
}

answerQuestions(await measureOperationCpu(await operations[operation][kind](), size))

/** A check of one token that must have a role: of a cached one, or of one for which ZITADEL's answer has to be read. */
function checkOne(cacheOptions) {
  const claims = kind === 'roles' ? toRoleClaims(step) : toLongClaims(step)
  const auth = createZitadelAuth({ ...connectInProcess(() => claims), cache: cacheOptions })
  const header = `Bearer ${createOpaqueTokens(1).next().value}`
  return () => auth.authenticate(header, { role: 'r0' })
}

async function checkInTurn() {
  const auth = createZitadelAuth({ ...connectInProcess(), cache })
  const known = [...createOpaqueTokens(step)]
  await concurrently(known, 50, (token) => auth.authenticate(`Bearer ${token}`))
  const turn = takeTurns(known)
  return () => auth.authenticate(`Bearer ${turn()}`)
}

/** Beside it the least that a cache by digest can do. */
function lookUpInTurn() {
  const known = [...createOpaqueTokens(step)]
  const digests = new Map(known.map((token) => [toDigest(token), { token }]))
  const turn = takeTurns(known)
  return () => digests.get(toDigest(turn()))
}

function takeTurns(list) {
  let next = 0
  return () => {
    next = (next + 7_919) % list.length
    return list[next]
  }
}

function toDigest(token) {
  return hash('sha256', token, 'base64url')
}

function toRoleClaims(count) {
  return { 'urn:zitadel:iam:org:project:roles': toRoles(count) }
}

/** Of a hundred bytes each, as metadata and Actions add them. */
function toLongClaims(kibibytes) {
  const long = Array.from({ length: (kibibytes * 1_024) / 100 }, (_, i) => [`claim-${i}`, 'x'.repeat(85)])
  return { ...toRoleClaims(1), ...Object.fromEntries(long) }
}
