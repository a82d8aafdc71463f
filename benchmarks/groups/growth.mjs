// Whether a check gets slower as there are more roles, more tokens, or longer claims.
import { hash } from 'node:crypto'
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { connectInProcess, createOpaqueTokens, toRoles } from '../lib/in-process-zitadel.mjs'
import { timeInRounds } from '../lib/rounds.mjs'

const roles = [1, 10, 100, 1_000, 10_000]
const tokens = [100, 1_000, 10_000, 100_000]
const kibibytes = [1, 8, 64]

export async function measureGroup(size) {
  return {
    ...(await measureClaims(size, 'roles', roles, toRoleClaims)),
    ...(await measureClaims(size, 'claims', kibibytes, toLongClaims)),
    ...(await measureTokens(size)),
  }
}

/** A check of a remembered token that must have a role, and one for which the answer of ZITADEL has to be read. */
async function measureClaims(size, name, steps, toClaims) {
  const requirement = { role: 'r0' }
  const operations = (options) =>
    Object.fromEntries(
      steps.map((step) => {
        const claims = toClaims(step)
        const auth = createZitadelAuth({ ...connectInProcess(() => claims), ...options })
        const header = `Bearer ${createOpaqueTokens(1).next().value}`
        return [step, () => auth.authenticate(header, requirement)]
      }),
    )
  const cached = await timeInRounds(size, operations({ cache: { ttlSeconds: 3_600 } }))
  const uncached = await timeInRounds(size, operations({ cache: false }))
  const figures = {}
  for (const step of steps) {
    figures[`growth.${name}.${step}.cached`] = toFigure('µs', cached[step])
    figures[`growth.${name}.${step}.uncached`] = toFigure('µs', uncached[step])
  }
  figures[`growth.${name}.ratio`] = toRatio(cached[steps.at(-1)], cached[steps[0]])
  return figures
}

/** Tokens in turn, and beside it the least that a cache by digest can do: hash, and look into a Map. */
async function measureTokens({ scale, ...size }) {
  const checks = {}
  const lookUps = {}
  for (const count of tokens) {
    const auth = createZitadelAuth({ ...connectInProcess(), cache: { ttlSeconds: 3_600, maxEntries: count } })
    const known = [...createOpaqueTokens(Math.ceil(count * scale))]
    const digests = new Map(known.map((token) => [toDigest(token), { token }]))
    await concurrently(known, 50, (token) => auth.authenticate(`Bearer ${token}`))
    const turn = takeTurns(known)
    checks[count] = () => auth.authenticate(`Bearer ${turn()}`)
    const otherTurn = takeTurns(known)
    lookUps[count] = () => digests.get(toDigest(otherTurn()))
  }
  const checkTimes = await timeInRounds(size, checks)
  const lookUpTimes = await timeInRounds(size, lookUps)
  const figures = {}
  for (const count of tokens) {
    figures[`growth.tokens.${count}.cached`] = { ...toFigure('µs', checkTimes[count]), scale }
    figures[`growth.tokens.${count}.look-up`] = { ...toFigure('µs', lookUpTimes[count]), scale }
  }
  const [least, most] = [tokens[0], tokens.at(-1)]
  figures['growth.tokens.ratio'] = { ...toRatio(checkTimes[most], checkTimes[least]), scale }
  figures['growth.tokens.look-up-ratio'] = { ...toRatio(lookUpTimes[most], lookUpTimes[least]), scale }
  return figures
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
