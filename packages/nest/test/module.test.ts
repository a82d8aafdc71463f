import { Body, Controller, Delete, Get, Post } from '@nestjs/common'
import type { AuthorizationContext } from '@org/zitadel-auth'
import { describe, expect, it } from 'vitest'
import { Authorization, Authorize, OptionalAuthorization, Public, Roles } from '../src/index.js'
import { ask, platforms, setUp, start } from './set-up.js'

@Controller()
class Tasks {
  @Get('open')
  @Public()
  open() {
    return 'open'
  }

  @Get('tasks')
  list(@Authorization() { userId }: AuthorizationContext) {
    return userId
  }

  @Delete('tasks')
  @Authorize({ role: 'admin' })
  remove(@Authorization() { userId }: AuthorizationContext) {
    return userId
  }

  @Get('roles')
  @Roles('owner', 'admin')
  roles() {
    return 'roles'
  }

  @Get('feed')
  @OptionalAuthorization()
  feed(@Authorization() authorization?: AuthorizationContext) {
    return authorization?.userId ?? 'anonymous'
  }

  @Get('members')
  @OptionalAuthorization({ role: 'admin' })
  members(@Authorization() authorization?: AuthorizationContext) {
    return authorization?.userId ?? 'anonymous'
  }

  @Get('organizations/:id')
  @Authorize((context) => ({ role: 'admin', inOrganization: context.switchToHttp().getRequest().params.id }))
  organization() {
    return 'organization'
  }

  @Post('tasks')
  add(@Body() _body: unknown) {
    return 'added'
  }
}

describe.each(platforms)('ZitadelAuthModule on %s', (_, createAdapter) => {
  it('closes what says nothing, and opens what says so', async () => {
    const { auth, token, user } = await setUp()
    const url = await start(auth, { controllers: [Tasks] }, createAdapter)
    expect(await ask(`${url}/open`)).toMatchObject({ status: 200, body: 'open' })
    expect(await ask(`${url}/tasks`)).toMatchObject({ status: 401 })
    expect(await ask(`${url}/tasks`, 'nobody-issued-this')).toMatchObject({ status: 401 })
    expect(await ask(`${url}/tasks`, token)).toMatchObject({ status: 200, body: user.id })
    expect(await ask(`${url}/unknown`)).toMatchObject({ status: 404 })
  })

  it('answers with the fixed text and all headers', async () => {
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Tasks] }, createAdapter)
    const common = {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    }
    expect(await ask(`${url}/tasks`)).toMatchObject({
      status: 401,
      headers: { ...common, 'www-authenticate': 'Bearer', 'content-length': '44' },
      body: 'unauthorized: authorization header is empty\n',
    })
    expect(await ask(`${url}/tasks`, token, { method: 'DELETE' })).toMatchObject({
      status: 403,
      headers: { ...common, 'www-authenticate': 'Bearer error="insufficient_scope"' },
      body: 'permission denied: missing required role: `admin`\n',
    })
  })

  it('lets those pass who meet what a handler asks for', async () => {
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth, { controllers: [Tasks] }, createAdapter)
    const method = 'DELETE'
    expect(await ask(`${url}/tasks`, adminToken, { method })).toMatchObject({ status: 200 })
    const statuses = async (path: string) =>
      (await Promise.all([undefined, token, adminToken].map((one) => ask(url + path, one)))).map(({ status }) => status)
    expect(await statuses('/roles')).toEqual([401, 403, 200])
    expect(await statuses('/feed')).toEqual([200, 200, 200])
    expect(await statuses('/members')).toEqual([200, 403, 200])
    expect(await ask(`${url}/feed`)).toMatchObject({ body: 'anonymous' })
    expect(await ask(`${url}/feed`, 'nobody-issued-this')).toMatchObject({ status: 401 })
  })

  it('takes a requirement that is a function of the context', async () => {
    const { auth, adminToken, project } = await setUp()
    const url = await start(auth, { controllers: [Tasks] }, createAdapter)
    expect(await ask(`${url}/organizations/${project.organizationId}`, adminToken)).toMatchObject({ status: 200 })
    expect(await ask(`${url}/organizations/other`, adminToken)).toMatchObject({ status: 403 })
  })

  it("leaves what says nothing open where undeclared is 'public'", async () => {
    const { auth } = await setUp()
    const url = await start(auth, { controllers: [Tasks], options: { undeclared: 'public' } }, createAdapter)
    expect(await ask(`${url}/tasks`, undefined, { method: 'POST' })).toMatchObject({ status: 201 })
    expect(await ask(`${url}/roles`)).toMatchObject({ status: 401 })
  })
})
