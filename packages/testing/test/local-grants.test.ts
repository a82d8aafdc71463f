import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalZitadel, type Project, type ServiceUser, startLocalZitadel } from '../src/index.js'

let zitadel: LocalZitadel
let project: Project
let user: ServiceUser
let readRoles: (token?: string) => Promise<unknown>
beforeEach(async () => {
  zitadel = await startLocalZitadel()
  project = zitadel.createProject({ name: 'tasks' })
  user = zitadel.createServiceUser({ userName: 'tasks-client' })
  const ownToken = zitadel.createPersonalAccessToken(user)
  const { clientId, clientSecret } = zitadel.createApiApplication(project, { authMethod: 'basic' })
  readRoles = async (token = ownToken) => {
    const body = new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret })
    const response = await fetch(`${zitadel.issuer}/oauth/v2/introspect`, { method: 'POST', body })
    const answer = (await response.json()) as Record<string, object>
    return Object.keys(answer['urn:zitadel:iam:org:project:roles'] ?? {})
  }
})
afterEach(() => zitadel.close())

const send = async (method: string, { query = '', ...init }: RequestInit & { query?: string } = {}) => {
  const response = await fetch(`${zitadel.issuer}/local/grants${query}`, { method, ...init })
  return { status: response.status, body: await response.text() }
}
const json = (body: string) => ({ body, headers: { 'content-type': 'application/json' } })

describe('POST /local/grants', () => {
  it('creates the admin role and grants it to the service account, when nothing is said', async () => {
    expect(await send('POST')).toEqual({ status: 200, body: 'granted `admin` to tasks-client\n' })
    expect(await readRoles()).toEqual(['admin'])
  })

  it('may be repeated', async () => {
    await send('POST')

    expect((await send('POST')).status).toBe(200)
  })

  for (const [name, request] of [
    ['a form', () => ({ body: new URLSearchParams({ role: 'editor', user: 'tasks-client' }) })],
    ['a query', () => ({ query: '?role=editor&user=tasks-client' })],
    ['JSON', () => json('{"role":"editor","user":"tasks-client"}')],
    ['a project by name', () => ({ query: '?role=editor&project=tasks' })],
    ['ids', () => ({ query: `?role=editor&project=${project.id}&user=${user.id}` })],
  ] as const) {
    it(`understands ${name}`, async () => {
      expect(await send('POST', request())).toEqual({ status: 200, body: 'granted `editor` to tasks-client\n' })
      expect(await readRoles()).toEqual(['editor'])
    })
  }

  it('grants to another user', async () => {
    const token = zitadel.createPersonalAccessToken(zitadel.createServiceUser({ userName: 'other' }))

    expect(await send('POST', { query: '?user=other' })).toEqual({ status: 200, body: 'granted `admin` to other\n' })
    expect(await readRoles(token)).toEqual(['admin'])
    expect(await readRoles()).toEqual([])
  })

  it('does not know the user', async () => {
    expect(await send('POST', { query: '?user=x' })).toEqual({ status: 404, body: 'there is no such user: x\n' })
  })

  it('does not know the project', async () => {
    expect(await send('POST', { query: '?project=x' })).toEqual({ status: 404, body: 'there is no such project: x\n' })
  })

  for (const body of ['{', '{"role":1}', 'null', '[1]']) {
    it(`does not understand the body ${body}`, async () => {
      expect(await send('POST', json(body))).toEqual({
        status: 400,
        body: 'the body must be a form, or a JSON object of strings\n',
      })
    })
  }
})

describe('/local/grants refuses', () => {
  for (const method of ['POST', 'DELETE']) {
    for (const [name, request, body] of [
      ['a role that is there twice', { query: '?role=a&role=b' }, 'the parameter "role" is there more than once'],
      ['a user that is there twice', { query: '?user=a&user=a' }, 'the parameter "user" is there more than once'],
      [
        'a project in the query and in JSON',
        { query: '?project=tasks', ...json('{"project":"tasks"}') },
        'the parameter "project" is there more than once',
      ],
      ['a line feed in a role', { query: '?role=a%0Ab' }, 'a parameter has control characters in it'],
      ['an escape sequence in a user', { query: '?user=%1B[31m' }, 'a parameter has control characters in it'],
      ['a C1 character in a project', { query: '?project=%C2%9B' }, 'a parameter has control characters in it'],
      ['a null in JSON', json('{"role":"a\\u0000"}'), 'a parameter has control characters in it'],
      ['the name of a parameter', { query: '?rol%0D%0Ae=a' }, 'a parameter has control characters in it'],
    ] as const) {
      it(`${name}, by ${method}`, async () => {
        expect(await send(method, request)).toEqual({ status: 400, body: `${body}\n` })
        expect(await readRoles()).toEqual([])
      })
    }
  }
})

describe('DELETE /local/grants', () => {
  it('takes the role away', async () => {
    await send('POST')

    expect(await send('DELETE')).toEqual({ status: 200, body: 'revoked `admin` from tasks-client\n' })
    expect(await readRoles()).toEqual([])
  })

  it('says when there is none to take', async () => {
    expect(await send('DELETE', { query: '?role=editor' })).toEqual({
      status: 404,
      body: 'tasks-client has no role `editor` in tasks\n',
    })
  })
})

describe('an instance that was not set up', () => {
  it('says what is missing', async () => {
    await using empty = await startLocalZitadel()
    const ask = async () => (await fetch(`${empty.issuer}/local/grants`, { method: 'POST' })).text()
    const withoutUser = await ask()
    empty.createServiceUser({ userName: 'tasks-client' })

    expect(withoutUser).toBe('there is no such user: create one first\n')
    expect(await ask()).toBe('there is no such project: create one first\n')
  })
})
