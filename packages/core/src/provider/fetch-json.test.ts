import { HttpResponse, http } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createRestlessClock, createTestFetchJson as createWith, setUpNetwork, transports } from '../../test/network.js'
import type { AuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { isServerError, isUnreadableAnswer, toThrottledMs } from './failure.js'
import { createFetchJson } from './fetch-json.js'
import { createFetchTransport, type Fetch } from './transport/fetch-transport.js'
import type { Transport, TransportAnswer } from './transport/transport.js'

const url = new URL('https://zitadel.example/path')
const json = { 'Content-Type': 'application/json' }
const mebibyte = 1024 * 1024
const server = setUpNetwork()

/** Answers the n-th request with the n-th answer, and later ones with the last. Gives the requests. */
function answerWith(...answers: readonly (() => Response)[]): readonly Request[] {
  const requests: Request[] = []
  server.use(
    http.all(url.href, ({ request }) => {
      requests.push(request)
      return answers[Math.min(requests.length, answers.length) - 1]?.()
    }),
  )
  return requests
}

const anyAnswer: TransportAnswer = {
  status: 200,
  header: (name) => (name === 'content-type' ? 'application/json' : null),
  readText: async () => '{}',
  drop: () => {},
}

const good = () => HttpResponse.json({ good: true })
const status =
  (code: number, headers = {}) =>
  () =>
    new HttpResponse('a page', { status: code, headers })

describe.each(transports)('%s', (_, createTransport) => {
  const createTestFetchJson = (clock?: Clock) => createWith(clock, createTransport())

  describe('createFetchJson', () => {
    it('asks for JSON', async () => {
      const requests = answerWith(good)
      expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 200, body: { good: true } })
      expect(requests.map(({ method, headers }) => [method, headers.get('accept')])).toEqual([
        ['GET', 'application/json'],
      ])
    })

    it('sends a form and headers', async () => {
      const requests = answerWith(good)
      const body = new URLSearchParams({ token: 'token of ann&bob' })
      await createTestFetchJson()(url, { method: 'POST', headers: { 'x-one': '1' }, body })
      const [request] = requests
      expect(request?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
      expect([request?.method, request?.headers.get('x-one'), request?.headers.get('accept')]).toEqual([
        'POST',
        '1',
        'application/json',
      ])
      expect(await request?.text()).toBe('token=token+of+ann%26bob')
    })

    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=utf-8',
      'Application/JSON',
      'application/problem+json',
      'application/token-introspection+json',
    ]) {
      it(`reads ${type}`, async () => {
        answerWith(() => new HttpResponse('{"good":true}', { headers: { 'Content-Type': type } }))
        expect((await createTestFetchJson()(url, { method: 'GET' })).body).toEqual({ good: true })
      })
    }

    for (const type of [
      'text/html',
      'text/plain',
      'text/json',
      'application/jsonp',
      'application/x-json',
      'application/token-introspection+jwt',
      'text/plain; x=application/json',
      '',
    ]) {
      it(`does not read ${type || 'a body without a type'}, whatever it holds`, async () => {
        answerWith(() => new HttpResponse('{"active":true}', { headers: { 'Content-Type': type } }))
        expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 200, body: undefined })
      })
    }

    for (const body of ['', '{"active":true', '{"active":true}}', 'true false', "{'active':true}", '{"active":tru']) {
      it(`gives no body for ${JSON.stringify(body)}, which is not JSON`, async () => {
        answerWith(() => new HttpResponse(body, { headers: json }))
        expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 200, body: undefined })
      })
    }

    it('gives no body for an answer without one', async () => {
      answerWith(() => new HttpResponse(null, { status: 204 }))
      expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 204, body: undefined })
    })

    for (const code of [400, 401, 403, 404, 499]) {
      it(`gives an answer with status ${code} to the caller`, async () => {
        answerWith(() => HttpResponse.json({ error: 'unauthorized_client' }, { status: code }))
        expect(await createTestFetchJson()(url, { method: 'POST' })).toMatchObject({
          status: code,
          body: { error: 'unauthorized_client' },
        })
      })
    }

    it('refuses JSON that is not UTF-8', async () => {
      answerWith(() => new HttpResponse(new Uint8Array([0x22, 0xff, 0x22]), { headers: json }))
      await expect(createTestFetchJson()(url, { method: 'GET' })).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'zitadel.example: the answer is not UTF-8'),
      )
    })

    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'GZIP', 'identity, gzip', 'unknown']) {
      it(`does not read what says that it is ${encoding}, since nothing was to be`, async () => {
        const headers = { ...json, 'Content-Encoding': encoding }
        answerWith(() => new HttpResponse(null, { headers }))
        expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 200, body: undefined })
      })
    }

    it('reads what says that it is as it is', async () => {
      answerWith(() => HttpResponse.json({ good: true }, { headers: { 'Content-Encoding': 'identity' } }))
      expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ body: { good: true } })
    })

    it('asks for no compression', async () => {
      const requests = answerWith(good)
      await createTestFetchJson()(url, { method: 'GET' })
      expect(requests[0]?.headers.get('accept-encoding')).toBe('identity')
    })

    it('reads as much as it is told to, and no more', async () => {
      const limited = (maxResponseBytes: number) =>
        createFetchJson({
          transport: createTransport(),
          timeoutMs: 5_000,
          maxResponseBytes,
          clock: createRestlessClock(),
        })
      answerWith(() => new HttpResponse('"four"', { headers: json }))
      expect(await limited(6)(url, { method: 'GET' })).toMatchObject({ body: 'four' })
      await expect(limited(5)(url, { method: 'GET' })).rejects.toThrow(
        authorizationError(
          'ERR_PROVIDER_UNAVAILABLE',
          'zitadel.example: the response has more than 5 bytes, which is the option maxResponseBytes',
        ),
      )
    })

    it('says that a failure is an answer that cannot be read where it is one', async () => {
      answerWith(() => new HttpResponse(new Uint8Array([0x22, 0xff, 0x22]), { headers: json }), status(500))
      const failure = await outcomeOf(() => createTestFetchJson()(url, { method: 'GET' }))
      const other = await outcomeOf(() => createTestFetchJson()(url, { method: 'GET' }))
      expect([isUnreadableAnswer(failure), isServerError(failure)]).toEqual([true, false])
      expect([isUnreadableAnswer(other), isServerError(other)]).toEqual([false, true])
    })

    for (const [code, retryAfter, ms] of [
      [429, '17', 17_000],
      [429, undefined, undefined],
      [503, '17', undefined],
      [500, '17', undefined],
    ] as const) {
      it(`takes status ${code} with Retry-After ${retryAfter} for ${ms} ms in which everybody is to leave ZITADEL alone`, async () => {
        answerWith(status(code, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }))
        const failure = await outcomeOf(() => createTestFetchJson()(url, { method: 'GET' }))
        expect(toThrottledMs(failure as AuthorizationError)).toBe(ms)
      })
    }

    it('reads 1 MiB', async () => {
      answerWith(() => new HttpResponse(`"${'a'.repeat(mebibyte - 2)}"`, { headers: json }))
      expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ body: 'a'.repeat(mebibyte - 2) })
    })

    it('refuses a byte more than 1 MiB, and does not ask for it again', async () => {
      const requests = answerWith(() => new HttpResponse(`"${'a'.repeat(mebibyte - 1)}"`, { headers: json }))
      await expect(createTestFetchJson()(url, { method: 'GET' })).rejects.toThrow(
        authorizationError(
          'ERR_PROVIDER_UNAVAILABLE',
          'zitadel.example: the response has more than 1048576 bytes, which is the option maxResponseBytes',
        ),
      )
      expect(requests).toHaveLength(1)
    })

    for (const code of [301, 302, 303, 307, 308]) {
      it(`does not follow a redirect with status ${code}, which would carry token and credentials away`, async () => {
        const elsewhere = vi.fn(good)
        server.use(http.all('https://elsewhere.example/', elsewhere))
        answerWith(status(code, { Location: 'https://elsewhere.example/' }))
        const body = new URLSearchParams({ token: 'token-of-ann' })
        expect(await createTestFetchJson()(url, { method: 'POST', body })).toMatchObject({
          status: code,
          body: undefined,
        })
        expect(elsewhere).not.toHaveBeenCalled()
      })
    }
  })

  describe('a question that fails', () => {
    for (const [what, failure, message] of [
      ['status 502', status(502), 'ZITADEL answered with status 502'],
      ['status 503', status(503), 'ZITADEL answered with status 503'],
      ['status 504', status(504), 'ZITADEL answered with status 504'],
      ['no connection', () => HttpResponse.error(), 'zitadel.example cannot be reached'],
    ] as const) {
      it(`is asked once more after ${what}`, async () => {
        const clock = createRestlessClock()
        const requests = answerWith(failure, good)
        const body = new URLSearchParams({ token: 'token-of-ann' })
        expect((await createTestFetchJson(clock)(url, { method: 'POST', body })).body).toEqual({ good: true })
        expect(await Promise.all(requests.map((request) => request.text()))).toEqual([
          'token=token-of-ann',
          'token=token-of-ann',
        ])
        expect(clock.sleep).toHaveBeenCalledTimes(1)
      })

      it(`is asked only once more after ${what}`, async () => {
        const requests = answerWith(failure)
        await expect(createTestFetchJson()(url, { method: 'POST' })).rejects.toThrow(
          authorizationError('ERR_PROVIDER_UNAVAILABLE', message, { retryAfterSeconds: undefined }),
        )
        expect(requests).toHaveLength(2)
      })
    }

    it('is asked again after 50 to 150 ms, at random', async () => {
      const clock = createRestlessClock()
      answerWith(status(503))
      const fetchJson = createTestFetchJson(clock)
      await Promise.allSettled(Array.from({ length: 20 }, () => fetchJson(url, { method: 'GET' })))
      const pauses = clock.sleep.mock.calls.map(([ms]) => ms)
      expect(pauses.filter((ms) => ms < 50 || ms > 150)).toEqual([])
      expect(new Set(pauses).size).toBeGreaterThan(1)
    })

    it('is not asked again before the pause is over', async () => {
      const clock = createManualClock()
      const requests = answerWith(status(503), good)
      const pending = createTestFetchJson(clock)(url, { method: 'GET' })
      await clock.untilSleeping()
      expect(requests).toHaveLength(1)
      clock.advanceSeconds(0.15)
      await pending
      expect(requests).toHaveLength(2)
    })

    for (const code of [408, 425, 429, 500, 501, 505, 599]) {
      it(`is not asked again after status ${code}`, async () => {
        const requests = answerWith(status(code))
        await expect(createTestFetchJson()(url, { method: 'POST' })).rejects.toThrow(
          authorizationError('ERR_PROVIDER_UNAVAILABLE', `ZITADEL answered with status ${code}`, {
            retryAfterSeconds: undefined,
          }),
        )
        expect(requests).toHaveLength(1)
      })
    }

    for (const code of [429, 500, 503]) {
      it(`is not asked again after status ${code} with Retry-After, which the client gets (RFC 9110 section 10.2.3)`, async () => {
        const requests = answerWith(status(code, { 'Retry-After': '17' }))
        await expect(createTestFetchJson()(url, { method: 'POST' })).rejects.toThrow(
          authorizationError('ERR_PROVIDER_UNAVAILABLE', `ZITADEL answered with status ${code}`, {
            retryAfterSeconds: 17,
            headers: { 'Retry-After': '17' },
          }),
        )
        expect(requests).toHaveLength(1)
      })
    }

    for (const [what, body] of [
      ['not UTF-8', new Uint8Array([0xff, 0xfe, 0xff])],
      ['larger than 1 MiB', new Uint8Array(mebibyte + 1)],
    ] as const) {
      it(`keeps its status and Retry-After when the page that comes with them is ${what}`, async () => {
        answerWith(() => new HttpResponse(body, { status: 429, headers: { 'Retry-After': '17', ...json } }))
        await expect(createTestFetchJson()(url, { method: 'GET' })).rejects.toThrow(
          authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 429', { retryAfterSeconds: 17 }),
        )
      })

      it(`is asked once more after status 503 with a page that is ${what}`, async () => {
        const requests = answerWith(() => new HttpResponse(body, { status: 503, headers: json }), good)
        expect((await createTestFetchJson()(url, { method: 'GET' })).body).toEqual({ good: true })
        expect(requests).toHaveLength(2)
      })

      it(`keeps status 404 when the page that comes with it is ${what}`, async () => {
        answerWith(() => new HttpResponse(body, { status: 404, headers: { 'Content-Type': 'text/html' } }))
        expect(await createTestFetchJson()(url, { method: 'GET' })).toMatchObject({ status: 404, body: undefined })
      })
    }
  })
})

describe('a request by fetch', () => {
  it('cancels what is too long, so that its connection is free', async () => {
    const cancelled = createDeferred<void>()
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(mebibyte + 1)),
      cancel: () => cancelled.resolve(),
    })
    const fetch: Fetch = async () => new Response(body, { headers: json })
    const fetchJson = createFetchJson({
      transport: createFetchTransport(fetch),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    await expect(fetchJson(url, { method: 'GET' })).rejects.toThrow(
      authorizationError(
        'ERR_PROVIDER_UNAVAILABLE',
        'zitadel.example: the response has more than 1048576 bytes, which is the option maxResponseBytes',
      ),
    )
    expect(await cancelled.promise).toBeUndefined()
  })

  it('tells fetch not to follow redirects, to keep nothing, and when to give up', async () => {
    const fetch = vi.fn<Fetch>(async () => good())
    await createFetchJson({ transport: createFetchTransport(fetch), timeoutMs: 5_000, clock: createRestlessClock() })(
      url,
      { method: 'GET' },
    )
    expect(fetch.mock.calls).toEqual([
      [
        url,
        {
          method: 'GET',
          headers: { Accept: 'application/json', 'Accept-Encoding': 'identity' },
          redirect: 'manual',
          cache: 'no-store',
          signal: expect.any(AbortSignal),
        },
      ],
    ])
  })

  it('has one deadline, the second attempt included', async () => {
    const fetch = vi.fn<Fetch>(async () => new Response(null, { status: 503 }))
    const fetchJson = createFetchJson({
      transport: createFetchTransport(fetch),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    await expect(fetchJson(url, { method: 'GET' })).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 503'),
    )
    const [first, second] = fetch.mock.calls.map(([, { signal }]) => signal)
    expect(second).toBe(first)
  })

  it('lets go of a body that nobody reads, so that its connection is free', async () => {
    const cancelled = createDeferred<void>()
    const body = new ReadableStream({ cancel: () => cancelled.resolve() })
    const fetch: Fetch = async () => new Response(body, { status: 500 })
    const fetchJson = createFetchJson({
      transport: createFetchTransport(fetch),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    await expect(fetchJson(url, { method: 'GET' })).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect(await cancelled.promise).toBeUndefined()
  })

  it('does not wait for others to let go of a body that nobody reads', async () => {
    const [body] = new ReadableStream().tee()
    const fetch: Fetch = async () => new Response(body, { status: 404 })
    const fetchJson = createFetchJson({
      transport: createFetchTransport(fetch),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    expect(await fetchJson(url, { method: 'GET' })).toMatchObject({ status: 404, body: undefined })
  })

  it('keeps its status when the body breaks that nobody reads', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) })
    const fetch: Fetch = async () => new Response(body, { status: 500 })
    const fetchJson = createFetchJson({
      transport: createFetchTransport(fetch),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    await expect(fetchJson(url, { method: 'GET' })).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
  })

  /** What undici throws: a TypeError around what really happened. */
  const failing = (code: string): Fetch =>
    vi.fn<Fetch>(() =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('why'), { code }) })),
    )

  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']) {
    it(`says that the host does not resolve for ${code}, and is not asked again`, async () => {
      const fetch = failing(code)
      await expect(
        createFetchJson({ transport: createFetchTransport(fetch), timeoutMs: 5_000, clock: createRestlessClock() })(
          url,
          { method: 'GET' },
        ),
      ).rejects.toThrow(
        authorizationError('ERR_PROVIDER_NOT_FOUND', `the host zitadel.example does not resolve (${code})`, {
          status: 503,
          cause: { name: 'Error', code },
        }),
      )
      expect(fetch).toHaveBeenCalledTimes(1)
    })
  }

  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET', 'CERT_HAS_EXPIRED']) {
    it(`says that the host cannot be reached for ${code}, keeps name and code of the cause, and is asked once more`, async () => {
      const fetch = failing(code)
      await expect(
        createFetchJson({ transport: createFetchTransport(fetch), timeoutMs: 5_000, clock: createRestlessClock() })(
          url,
          { method: 'GET' },
        ),
      ).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', `zitadel.example cannot be reached (${code})`, {
          cause: { name: 'Error', code },
        }),
      )
      expect(fetch).toHaveBeenCalledTimes(2)
    })
  }

  it('says what it can when somebody throws what is no error', () =>
    expect(
      createFetchJson({ transport: () => Promise.reject('no'), timeoutMs: 5_000, clock: createRestlessClock() })(url, {
        method: 'GET',
      }),
    ).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'zitadel.example cannot be reached', {
        cause: { name: undefined, code: undefined },
      }),
    ))
})

describe('the deadline', () => {
  const never = () => new Promise<never>(() => {})
  const late = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'zitadel.example did not answer in time')

  for (const [what, transport] of [
    ['never settles and does not listen to its signal', never],
    ['gives a body that never ends', async () => ({ ...anyAnswer, readText: never })],
  ] as const) {
    it(`ends the wait for a network that ${what}, and asks no more`, async () => {
      const clock = createRestlessClock()
      const spy = vi.fn<Transport>(transport)
      const outcome = createFetchJson({ transport: spy, timeoutMs: 5_000, clock })(url, { method: 'GET' })
      const settled = vi.fn()
      outcome.then(settled, settled)
      clock.advanceSeconds(4.999)
      await new Promise((resolve) => setImmediate(resolve))
      expect(settled).not.toHaveBeenCalled()
      clock.advanceSeconds(0.001)
      await expect(outcome).rejects.toThrow(late)
      expect(spy).toHaveBeenCalledTimes(1)
      expect(spy.mock.calls[0]?.[0].deadline.signal.aborted).toBe(true)
    })
  }

  it('also ends the wait before the second attempt', async () => {
    const clock = createManualClock()
    const transport = vi.fn<Transport>(async () => ({ ...anyAnswer, status: 503 }))
    const outcome = createFetchJson({ transport, timeoutMs: 20, clock })(url, { method: 'GET' })
    await clock.untilSleeping()
    clock.advanceSeconds(0.02)
    await expect(outcome).rejects.toThrow(late)
    expect(transport).toHaveBeenCalledTimes(1)
  })

  it('tells nobody to stop once there is an answer', async () => {
    const clock = createRestlessClock()
    const transport = vi.fn<Transport>(async () => anyAnswer)
    await createFetchJson({ transport, timeoutMs: 5_000, clock })(url, { method: 'GET' })
    clock.advanceSeconds(60)
    expect(transport.mock.calls[0]?.[0].deadline.signal.aborted).toBe(false)
  })

  it('says whether a request is the second one, so that it takes a new connection', async () => {
    const transport = vi.fn<Transport>(async () => ({ ...anyAnswer, status: 503 }))
    await createFetchJson({ transport, timeoutMs: 5_000, clock: createRestlessClock() })(url, { method: 'GET' }).catch(
      () => {},
    )
    expect(transport.mock.calls.map(([{ isRetry }]) => isRetry)).toEqual([false, true])
  })
})
