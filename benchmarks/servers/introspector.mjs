// One library that asks ZITADEL about tokens, in a process of its own, so that its CPU is its own too.
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { concurrently } from '../lib/concurrently.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { library, zitadel } = readArgument()

/** Each gives a function that asks ZITADEL about a token. */
const introspectors = {
  async ours({ issuer, key }) {
    const { createZitadelAuth } = await import('@org/zitadel-auth')
    const auth = createZitadelAuth({ domain: issuer, key, cache: false })
    return (token) => auth.authenticate(`Bearer ${token}`)
  },
  async 'openid-client'({ issuer, key }) {
    const client = await import('openid-client')
    const configuration = await client.discovery(
      new URL(issuer),
      key.clientId,
      {},
      client.PrivateKeyJwt(await toCryptoKey(key)),
      {
        execute: [client.allowInsecureRequests],
      },
    )
    return async (token) => requireActive(await client.tokenIntrospection(configuration, token))
  },
  async oauth4webapi({ issuer, key }) {
    const oauth = await import('oauth4webapi')
    const options = { [oauth.allowInsecureRequests]: true }
    const url = new URL(issuer)
    const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options))
    const client = { client_id: key.clientId }
    const authentication = oauth.PrivateKeyJwt(await toCryptoKey(key))
    return async (token) => {
      const response = await oauth.introspectionRequest(server, client, authentication, token, options)
      requireActive(await oauth.processIntrospectionResponse(server, client, response))
    }
  },
  /** No library: the least that a question costs by fetch(), with an assertion that was signed beforehand. */
  async 'fetch-alone'({ issuer, key }) {
    const assertion = await signAssertion(issuer, key)
    return async (token) => {
      const response = await fetch(`${issuer}/oauth/v2/introspect`, {
        method: 'POST',
        body: toQuestion(token, assertion),
      })
      requireActive(await response.json())
    }
  },
  /** The same by node:http and connections that stay open. */
  async 'http-alone'({ issuer, key }) {
    const assertion = await signAssertion(issuer, key)
    const agent = new Agent({ keepAlive: true })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return async (token) => {
      const asked = request(`${issuer}/oauth/v2/introspect`, { method: 'POST', agent, headers })
      asked.end(toQuestion(token, assertion).toString())
      const [response] = await once(asked, 'response')
      requireActive(await json(response))
    }
  },
  async 'passport-zitadel'({ issuer, key }) {
    const { ZitadelIntrospectionStrategy } = await import('passport-zitadel')
    const strategy = new ZitadelIntrospectionStrategy({
      authority: issuer,
      authorization: { type: 'jwt-profile', profile: key },
    })
    return (token) =>
      new Promise((resolve, reject) => {
        const request = { headers: { authorization: `Bearer ${token}` } }
        Object.assign(Object.create(strategy), { success: resolve, fail: reject, error: reject }).authenticate(request)
      })
  },
}

const introspect = await introspectors[library](zitadel)

answerQuestions(library, {
  /** CPU in microseconds for each token, threads included. */
  async introspect({ tokens, concurrency }) {
    const before = process.cpuUsage()
    const started = performance.now()
    await concurrently(tokens, concurrency, introspect)
    const seconds = (performance.now() - started) / 1_000
    const { user, system } = process.cpuUsage(before)
    const count = tokens.length
    return {
      throughput: count / seconds,
      'user-cpu': user / count,
      'system-cpu': system / count,
      cpu: (user + system) / count,
    }
  },
})

/** The two take a CryptoKey with its id; ZITADEL gives the key as PKCS#1. */
async function toCryptoKey({ key, keyId }) {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return { key: await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']), kid: keyId }
}

function signAssertion(issuer, { clientId, keyId, key }) {
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: keyId })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(createPrivateKey(key))
}

function toQuestion(token, assertion) {
  return new URLSearchParams({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    token,
  })
}

function requireActive({ active }) {
  if (active !== true) throw new Error('the token is not active')
}
