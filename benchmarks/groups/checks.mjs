// One check in this process, beside the peers: of a token that has been seen before, and of a JWT that has not.
import { hash } from 'node:crypto'
import { createZitadelAuth } from '@org/zitadel-auth'
import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier } from 'fast-jwt'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { timeInRounds } from '../lib/rounds.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

export async function measureGroup(size) {
  const zitadel = await startZitadel()
  const [opaque] = await zitadel.issueTokens('opaque', 1)
  const [jwt] = await zitadel.issueTokens('jwt', 1)
  const peers = createPeers(zitadel)
  const auths = createAuths(zitadel)
  const opaqueHeader = `Bearer ${opaque}`
  const jwtHeader = `Bearer ${jwt}`

  const cached = await timeInRounds(size, {
    'sha256-opaque': () => hash('sha256', opaque, 'base64url'),
    'ours-opaque': () => auths.opaque.authenticate(opaqueHeader),
    'sha256-jwt': () => hash('sha256', jwt, 'base64url'),
    'ours-jwt': () => auths.jwt.authenticate(jwtHeader),
    'fast-jwt-cached': () => peers.fastJwtCached(jwt),
    'aws-jwt-verify': () => peers.aws.verifySync(jwt),
    jose: () => peers.jose(jwt),
  })
  const uncached = await timeInRounds(size, {
    jose: () => peers.jose(jwt),
    ours: () => auths.uncachedJwt.authenticate(jwtHeader),
    'aws-jwt-verify': () => peers.aws.verifySync(jwt),
    'fast-jwt': () => peers.fastJwt(jwt),
  })
  zitadel.stop()
  return { ...toCachedFigures(cached), ...toUncachedFigures(uncached) }
}

/** A remembered answer must last for all rounds. */
const cache = { ttlSeconds: 3_600 }

function createAuths({ issuer, key, projectId }) {
  const common = { domain: issuer, key, projectId }
  return {
    opaque: createZitadelAuth({ ...common, cache }),
    jwt: createZitadelAuth({ ...common, cache, verification: 'jwt' }),
    uncachedJwt: createZitadelAuth({ ...common, cache: false, verification: 'jwt' }),
  }
}

/** All check signature, algorithm, issuer, audience and expiry, with the keys at hand. */
function createPeers({ issuer, projectId, jwks, publicKey }) {
  const aws = JwtVerifier.create({ issuer, audience: projectId, jwksUri: 'https://zitadel.example/keys' })
  aws.cacheJwks(jwks)
  const keys = createLocalJWKSet(jwks)
  const fastOptions = { key: publicKey, algorithms: ['RS256'], allowedIss: issuer, allowedAud: projectId }
  return {
    aws,
    jose: (token) => jwtVerify(token, keys, { issuer, audience: projectId, algorithms: ['RS256'] }),
    fastJwt: createVerifier(fastOptions),
    fastJwtCached: createVerifier({ ...fastOptions, cache: 10_000 }),
  }
}

function toCachedFigures(times) {
  const figures = {}
  for (const [name, values] of Object.entries(times)) {
    const baseline = times[name === 'ours-opaque' || name === 'sha256-opaque' ? 'sha256-opaque' : 'sha256-jwt']
    figures[`cached-check.${name}.time`] = toFigure('µs', values)
    if (values !== baseline) figures[`cached-check.${name}.sha256-ratio`] = toRatio(values, baseline)
  }
  return figures
}

function toUncachedFigures(times) {
  const figures = {}
  for (const [name, values] of Object.entries(times)) {
    figures[`uncached-jwt.${name}.time`] = toFigure('µs', values)
    if (name !== 'jose') figures[`uncached-jwt.${name}.jose-ratio`] = toRatio(values, times.jose)
  }
  return figures
}
