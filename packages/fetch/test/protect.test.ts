import { describe, expect, it, vi } from 'vitest'
import { authorize, getAuthorization, protect } from '../src/index.js'
import { ask, read, setUp } from './set-up.js'

describe('protect', () => {
  it('gives the handler the request, who makes it, and what came with it', async () => {
    const { auth, token, user } = await setUp()
    const handler = vi.fn((request: Request, { userId }, _env: object, _ctx: object) =>
      Response.json([userId, getAuthorization(request).userId]),
    )
    const [request, env, ctx] = [ask(token), { db: 'tasks' }, {}]
    expect(await read(await protect(auth, true, handler)(request, env, ctx))).toMatchObject({
      status: 200,
      body: JSON.stringify([user.id, user.id]),
    })
    expect(handler).toHaveBeenCalledWith(request, expect.objectContaining({ userId: user.id }), env, ctx)
  })

  it('answers in its place where the request is refused', async () => {
    const { auth, token } = await setUp()
    const handler = vi.fn(() => new Response('a secret'))
    const handle = protect(auth, { role: 'admin' }, handler)
    const answers = [ask(), ask('nobody-issued-this'), ask(token)].map((request) => handle(request).then(read))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 403])
    expect(handler).not.toHaveBeenCalled()
  })

  it('takes a requirement that is a function of the request', async () => {
    const { auth, token, user } = await setUp()
    const handle = protect(
      auth,
      (request: Request) => ({ organizationId: request.headers.get('x-organization') ?? '' }),
      () => new Response('OK'),
    )
    const send = (organization: string) =>
      handle(ask(undefined, { headers: { authorization: `Bearer ${token}`, 'x-organization': organization } }))
    expect([(await send(user.organizationId)).status, (await send('other')).status]).toEqual([200, 403])
  })

  it('answers a refusal of the handler, and leaves its own errors alone', async () => {
    const { auth, token } = await setUp()
    const refuse = (request: Request) => {
      authorize(request, { role: 'admin' })
      return new Response()
    }
    for (const handler of [refuse, async (request: Request) => refuse(request)]) {
      expect(await read(await protect(auth, true, handler)(ask(token)))).toMatchObject({ status: 403 })
    }
    const crash = Object.assign(new Error('crash'), { code: 'ERR_TOKEN_INVALID', status: 401 })
    await expect(protect(auth, true, () => Promise.reject(crash))(ask(token))).rejects.toBe(crash)
  })

  it('keeps its question alive by the ctx of a worker, and by nothing else that comes', async () => {
    const { auth, token } = await setUp()
    const handle = protect(auth, true, (_request, _authorization, ..._rest: unknown[]) => new Response())
    const ctx = { waitUntil: vi.fn() }
    await handle(ask(token), {}, ctx)
    expect(ctx.waitUntil.mock.calls).toEqual([[expect.any(Promise)]])
    auth.forgetAll()
    for (const rest of [[], [{}], [undefined], [null], [{ waitUntil: 'never' }], [ctx, {}]]) {
      expect((await handle(ask(token), ...rest)).status).toBe(200)
    }
    expect(ctx.waitUntil).toHaveBeenCalledTimes(1)
  })

  it('finds mistakes at start-up', async () => {
    const { auth } = await setUp()
    const handler = () => new Response()
    expect(() => protect(auth, undefined as never, handler)).toThrow(TypeError)
    expect(() => protect(auth, handler as never, undefined as never)).toThrow('protect(auth, requirement, handler)')
  })
})
