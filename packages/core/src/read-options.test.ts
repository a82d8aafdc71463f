import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { generateApplicationKey } from '../test/application-keys.js'
import { typeError } from '../test/expected-errors.js'
import { createManualClock } from '../test/manual-clock.js'
import { globalFetch } from '../test/network.js'
import { systemClock } from './internal/clock.js'
import { readOptions } from './read-options.js'

const { json } = generateApplicationKey()
const folder = mkdtempSync(join(tmpdir(), 'options-'))
const keyFile = join(folder, 'api.json')
writeFileSync(keyFile, JSON.stringify(json))
afterAll(() => rmSync(folder, { recursive: true }))

const domain = 'zitadel.example'
const good = { domain, clientId: 'client-1', clientSecret: 'words' }

const exactlyOne = 'give the credentials of this API in exactly one way: keyFile, key, or clientId and clientSecret'
const isSet = 'is the environment variable set?'
const projectId = 'projectId is a text that is not empty'
const refusalFormat = "refusalFormat is 'text' or 'problem-json'"
const allowInsecureHttp = 'allowInsecureHttp is true or false'
const timeoutMs = 'timeoutMs is a whole number from 1 to 2147483647'
const cache = 'cache is false or an object'
const ttlSeconds = 'cache.ttlSeconds is a number greater than 0 (cache: false turns the cache off)'
const maxEntries = 'cache.maxEntries is a whole number greater than 0'
const staleIfErrorSeconds = 'cache.staleIfErrorSeconds is a number greater than 0'

describe('readOptions', () => {
  for (const options of [undefined, null, 'zitadel.example', 7]) {
    it(`takes ${JSON.stringify(options)} for a mistake`, () =>
      expect(() => readOptions(options as never)).toThrow(typeError('createZitadelAuth takes an object of options')))
  }

  for (const name of ['maxConcurrentRequests', 'maxQueuedRequests', 'maxResponseBytes', 'maxHeaderBytes'] as const) {
    for (const value of [0, -1, 0.5, '50', null, Number.NaN, Number.POSITIVE_INFINITY]) {
      it(`takes ${name}: ${value} for a mistake`, () =>
        expect(() => readOptions({ ...good, [name]: value } as never)).toThrow(
          typeError(`${name} is a whole number greater than 0`),
        ))
    }

    it(`takes ${name}`, () => expect(readOptions({ ...good, [name]: 7 }).limits[name]).toBe(7))
  }

  it('takes maxJwtLifetimeSeconds', () =>
    expect(readOptions({ ...good, maxJwtLifetimeSeconds: 0.5 }).maxJwtLifetimeSeconds).toBe(0.5))

  it('takes cache.maxBytes', () => expect(readOptions({ ...good, cache: { maxBytes: 7 } }).cache?.maxBytes).toBe(7))

  it('sends requests by the agent that is given', () => {
    const agent = new Agent()
    expect(readOptions({ ...good, agent }).transport).toBeTypeOf('function')
  })

  for (const [what, options, message] of [
    ['no credentials', { domain }, exactlyOne],
    ['a key file that is undefined', { domain, keyFile: undefined }, `keyFile is undefined: ${isSet}`],
    ['a key that is undefined', { domain, key: undefined }, `key is undefined: ${isSet}`],
    ['a secret that is undefined', { domain, clientSecret: undefined }, `clientSecret is undefined: ${isSet}`],
    [
      'client id and secret that are undefined',
      { domain, clientId: undefined, clientSecret: undefined },
      `clientId and clientSecret are undefined: ${isSet}`,
    ],
    [
      'several credentials that are undefined',
      { domain, keyFile: undefined, key: undefined },
      `keyFile and key are undefined: ${isSet}`,
    ],
    [
      'a key that is undefined in auto',
      { domain, key: undefined, verification: 'auto', projectId: 'p1' },
      `key is undefined: ${isSet}`,
    ],
    ['a secret that is undefined beside a client id', { ...good, clientSecret: undefined }, 'clientSecret is missing'],
    ['two credentials: file and key', { domain, keyFile, key: json }, exactlyOne],
    ['two credentials: file and secret', { domain, keyFile, clientId: 'client-1', clientSecret: 'words' }, exactlyOne],
    ['two credentials: key and secret', { domain, key: json, clientSecret: 'words' }, exactlyOne],
    ['a key and a client id', { domain, key: json, clientId: 'client-1' }, exactlyOne],
    ['a client id without secret', { domain, clientId: 'client-1' }, 'clientSecret is missing'],
    ['a secret without client id', { domain, clientSecret: 'words' }, 'clientId is missing'],
    ['an empty secret', { ...good, clientSecret: '' }, 'clientSecret is missing'],
    ['an empty key file', { domain, keyFile: '' }, `keyFile is empty: ${isSet}`],
    ['an empty key', { domain, key: '' }, `the key is empty: ${isSet}`],
    [
      'a key that is null',
      { domain, key: null },
      expect.stringMatching(/^the key is not the JSON of an application key/),
    ],
    ['no domain', { clientId: 'client-1', clientSecret: 'words' }, expect.stringMatching(/^the domain is missing: /)],
    ['an empty project id', { ...good, projectId: '' }, projectId],
    ['a project id that is null', { ...good, projectId: null }, projectId],
    ['a project id that is a number', { ...good, projectId: 223_281_986 }, projectId],
    ['another format', { ...good, refusalFormat: 'json' }, refusalFormat],
    ['a format off the prototype', { ...good, refusalFormat: 'toString' }, refusalFormat],
    [
      'allowInsecureHttp as a text',
      { ...good, domain: 'http://zitadel.example', allowInsecureHttp: 'false' },
      allowInsecureHttp,
    ],
    ['allowInsecureHttp as null', { ...good, allowInsecureHttp: null }, allowInsecureHttp],
    ['no time at all', { ...good, timeoutMs: 0 }, timeoutMs],
    ['a negative time', { ...good, timeoutMs: -1 }, timeoutMs],
    ['a time that is a text', { ...good, timeoutMs: '5000' }, timeoutMs],
    ['a time that is NaN', { ...good, timeoutMs: Number.NaN }, timeoutMs],
    ['a time that never ends', { ...good, timeoutMs: Number.POSITIVE_INFINITY }, timeoutMs],
    ['a logger that only writes', { ...good, logger: { log() {} } }, 'logger has the functions warn and error'],
    ['no logger', { ...good, logger: null }, 'logger has the functions warn and error'],
    ['a clock without time', { ...good, clock: { time: 7 } }, 'clock has the functions now, elapsed, sleep or after'],
    ['a network that cannot be called', { ...good, fetch: 'https://proxy.example' }, 'fetch is a function'],
    ['an agent that is none', { ...good, agent: 'proxy' }, 'agent is an Agent of node:http or node:https'],
    ['an agent of undici', { ...good, agent: { dispatch() {} } }, 'agent is an Agent of node:http or node:https'],
    ['no agent', { ...good, agent: null }, 'agent is an Agent of node:http or node:https'],
    [
      'an agent beside a fetch',
      { ...good, agent: new Agent(), fetch: globalFetch },
      'give fetch or agent: a fetch does not use the agent',
    ],
    ['no lifetime', { ...good, maxJwtLifetimeSeconds: 0 }, 'maxJwtLifetimeSeconds is a number greater than 0'],
    ['a cache without bytes', { ...good, cache: { maxBytes: 0 } }, 'cache.maxBytes is a whole number greater than 0'],
    ['a fraction of a millisecond, which timers refuse', { ...good, timeoutMs: 2_500.5 }, timeoutMs],
    ['a time at which timers fire at once', { ...good, timeoutMs: 2 ** 31 }, timeoutMs],
    ['cache: true', { ...good, cache: true }, cache],
    ['cache: null', { ...good, cache: null }, cache],
    ['cache: 30', { ...good, cache: 30 }, cache],
    ['a cache of 0 s', { ...good, cache: { ttlSeconds: 0 } }, ttlSeconds],
    ['a cache of -1 s', { ...good, cache: { ttlSeconds: -1 } }, ttlSeconds],
    ['a cache that never ends', { ...good, cache: { ttlSeconds: Number.POSITIVE_INFINITY } }, ttlSeconds],
    ['a cache of a text', { ...good, cache: { ttlSeconds: '30' } }, ttlSeconds],
    ['a cache without entries', { ...good, cache: { maxEntries: 0 } }, maxEntries],
    ['a cache of less than nothing', { ...good, cache: { maxEntries: -5 } }, maxEntries],
    ['an old answer of less than nothing', { ...good, cache: { staleIfErrorSeconds: -1 } }, staleIfErrorSeconds],
    ['a cache of half an entry', { ...good, cache: { maxEntries: 0.5 } }, maxEntries],
    ['a cache without bound', { ...good, cache: { maxEntries: Number.POSITIVE_INFINITY } }, maxEntries],
    [
      'an unknown member of cache',
      { ...good, cache: { ttl: 30 } },
      'unknown member of cache "ttl": known are ttlSeconds, maxEntries, maxBytes, staleIfErrorSeconds, store',
    ],
    [
      'an unknown option',
      { ...good, clientSecert: 'words' },
      'unknown option "clientSecert": known are domain, keyFile, key, clientId, clientSecret, verification, projectId, audience, jwks, revocationCheckSeconds, internalUrl,' +
        ' endpoints, allowInsecureHttp, cache, timeoutMs, maxConcurrentRequests, maxQueuedRequests, maxResponseBytes, maxHeaderBytes, maxJwtLifetimeSeconds,' +
        ' resource, resourceName, refusalFormat, logger, agent, fetch, clock',
    ],
    [
      'an option off the prototype',
      { ...good, toString: 'words' },
      expect.stringMatching(/^unknown option "toString": /),
    ],
    ['the options of a key', { domain, ...json }, expect.stringMatching(/^unknown option "type": /)],
  ] as const) {
    it(`takes ${what} for a mistake`, () => expect(() => readOptions(options as never)).toThrow(typeError(message)))
  }

  it('fills in what is not given', () =>
    expect(readOptions(good)).toMatchObject({
      address: { issuer: 'https://zitadel.example', origin: 'https://zitadel.example' },
      names: [{ authenticator: { clientId: 'client-1' } }],
      projectId: undefined,
      cache: { ttlSeconds: 30, maxEntries: 10_000, maxBytes: 67_108_864, staleIfErrorSeconds: 0 },
      limits: {
        maxConcurrentRequests: 50,
        maxQueuedRequests: 5_000,
        maxResponseBytes: 1_048_576,
        maxHeaderBytes: 16_384,
      },
      maxJwtLifetimeSeconds: 86_400,
      transport: expect.any(Function),
      timeoutMs: 5_000,
      refusalFormat: 'text',
      clock: systemClock,
    }))

  it('fills in what is undefined', () =>
    expect(
      readOptions({
        ...good,
        cache: undefined,
        timeoutMs: undefined,
        allowInsecureHttp: undefined,
        logger: undefined,
        clock: undefined,
      } as never),
    ).toMatchObject({ cache: { ttlSeconds: 30 }, timeoutMs: 5_000, clock: systemClock }))

  it('takes what is given', () => {
    const logger = { warn: vi.fn(), error: vi.fn() }
    const clock = createManualClock()
    const read = readOptions({
      ...good,
      projectId: 'p1',
      internalUrl: 'http://localhost:8080',
      cache: { ttlSeconds: 0.5, maxEntries: 1 },
      timeoutMs: 1,
      refusalFormat: 'problem-json',
      logger,
      fetch: globalFetch,
      clock,
    })
    expect(read).toMatchObject({
      address: { origin: 'http://localhost:8080' },
      projectId: 'p1',
      cache: { ttlSeconds: 0.5, maxEntries: 1 },
      timeoutMs: 1,
      refusalFormat: 'problem-json',
    })
    expect(read.clock.now()).toBe(clock.now())
    read.logger.warn('slow')
    expect(logger.warn).toHaveBeenCalledWith('slow')
  })

  it('takes the longest time that a timer takes', () =>
    expect(readOptions({ ...good, timeoutMs: 2 ** 31 - 1 }).timeoutMs).toBe(2_147_483_647))

  for (const [given, seconds] of [
    [undefined, 0],
    [0, 0],
    [60, 60],
  ] as const) {
    it(`serves old answers for ${seconds} s where staleIfErrorSeconds is ${given}`, () =>
      expect(readOptions({ ...good, cache: { staleIfErrorSeconds: given } } as never).cache).toMatchObject({
        staleIfErrorSeconds: seconds,
      }))
  }

  it('reads the credentials in jwt too, where they are given', () =>
    expect(readOptions({ ...good, verification: 'jwt', projectId: 'p1' })).toMatchObject({
      names: [{ authenticator: { clientId: 'client-1' } }],
      audience: ['client-1', 'p1'],
    }))

  it('needs no credentials in jwt, also where they are undefined', () =>
    expect(
      readOptions({ domain, key: undefined, verification: 'jwt', projectId: 'p1' } as never).names[0].authenticator,
    ).toBeUndefined())

  it('turns the cache off', () => expect(readOptions({ ...good, cache: false }).cache).toBeUndefined())

  it('takes plain http where it is allowed', () =>
    expect(readOptions({ ...good, domain: 'http://zitadel.example', allowInsecureHttp: true }).address.issuer).toBe(
      'http://zitadel.example',
    ))

  for (const [what, credentials] of [
    ['a key file', { keyFile }],
    ['a key', { key: json }],
    ['the text of a key', { key: JSON.stringify(json) }],
    ['client id and secret', { clientId: 'client-1', clientSecret: 'words' }],
    ['a key beside others that are undefined', { key: json, keyFile: undefined, clientId: undefined }],
  ] as const) {
    it(`takes ${what} for credentials`, () =>
      expect(readOptions({ domain, ...credentials } as never).names[0].authenticator?.clientId).toBe('client-1'))
  }
})
