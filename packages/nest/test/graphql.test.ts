import { createRequire } from 'node:module'
import { type INestApplication, Logger } from '@nestjs/common'
import {
  AbstractGraphQLDriver,
  type GqlModuleOptions,
  GraphQLModule,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql'
import { type AuthorizationContext, authorize, type ZitadelAuth } from '@org/zitadel-auth'
import { describe, expect, it, vi } from 'vitest'
import { Authorization, Authorize, OptionalAuthorization, Public } from '../src/index.js'
import { create, listen, setUp } from './set-up.js'

// The copy that the packages of Nest have: Vite would find another.
const { graphql } = createRequire(import.meta.url)('graphql') as typeof import('graphql')

const typeDefs = `
  type Task { title: String, owner: String }
  type Query { open: String, me: String, optional: String, strict: String, tasks: [Task], bare: String }
  type Mutation { remove: String }
`

/** What any driver does, with nothing around it. The context is what a test wants. */
class PlainDriver extends AbstractGraphQLDriver {
  async start({ schema, context = (req: unknown) => ({ req }) }: GqlModuleOptions & { context?: unknown }) {
    const { httpAdapter } = this.httpAdapterHost
    const toContext = context as (request: unknown) => object
    httpAdapter.post('/graphql', async (request: { body: { query: string } }, response: unknown) => {
      const source = request.body.query
      httpAdapter.reply(
        response,
        await graphql({ schema: schema as never, source, contextValue: toContext(request) }),
        200,
      )
    })
  }

  async stop() {}
}

const handled = vi.fn()

@Resolver('Query')
class Queries {
  @Query('open')
  @Public()
  open() {
    return 'open'
  }

  @Query('me')
  me(@Authorization() { userId }: AuthorizationContext) {
    return userId
  }

  @Query('optional')
  @OptionalAuthorization()
  optional(@Authorization() authorization?: AuthorizationContext) {
    return authorization?.userId ?? 'anonymous'
  }

  @Query('strict')
  strict(@Authorization() authorization: AuthorizationContext) {
    authorize(authorization, { role: 'admin' })
    return 'strict'
  }

  @Query('bare')
  @Public()
  bare(@Authorization() { userId }: AuthorizationContext) {
    return userId
  }

  @Query('tasks')
  tasks() {
    return [{ title: 'one' }]
  }

  @Mutation('remove')
  @Authorize({ role: 'admin' })
  remove() {
    handled()
    return 'removed'
  }
}

@Resolver('Task')
class Tasks {
  @ResolveField('owner')
  @Authorize({ role: 'admin' })
  owner(@Parent() { title }: { title: string }) {
    return `owner of ${title}`
  }
}

@Resolver('Task')
@Public()
class PlainTasks {
  @ResolveField('owner')
  owner() {
    return 'an owner'
  }
}

@Resolver('Task')
class SilentTasks {
  @ResolveField('owner')
  owner() {
    return 'an owner'
  }
}

@Resolver('Query')
class ClosedQueries {
  @Query('tasks')
  tasks() {
    return [{ title: 'one' }]
  }
}

type GraphqlOptions = Partial<GqlModuleOptions> & { context?: unknown }

function createApi(
  auth: ZitadelAuth,
  options: GraphqlOptions = {},
  resolvers: readonly (new () => unknown)[] = [PlainTasks],
  queries: new () => unknown = Queries,
) {
  handled.mockClear()
  const module = GraphQLModule.forRoot({ driver: PlainDriver as never, typeDefs, ...options } as GqlModuleOptions)
  return create(auth, { imports: [module], providers: [queries, ...resolvers] })
}

async function startApi(...given: Parameters<typeof createApi>) {
  const app: INestApplication = await createApi(...given)
  const url = await listen(app)
  return async (query: string, token?: string) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    })
    return (await answer.json()) as { data: unknown; errors?: { message: string; extensions: object }[] }
  }
}

const refused = (name: string, message: string, code: string) => ({
  data: { [name]: null },
  errors: [{ message, extensions: { code } }],
})
const missing = (name: string) => refused(name, 'unauthorized: authorization header is empty', 'UNAUTHENTICATED')
const denied = (name: string) => refused(name, 'permission denied: missing required role: `admin`', 'FORBIDDEN')

describe('resolvers of GraphQL', () => {
  it('are closed where they say nothing, and open where they say so', async () => {
    const { auth, token, user } = await setUp()
    const query = await startApi(auth)
    expect(await query('{ open }')).toEqual({ data: { open: 'open' } })
    expect(await query('{ me }')).toMatchObject(missing('me'))
    expect(await query('{ me optional }', token)).toEqual({ data: { me: user.id, optional: user.id } })
    expect(await query('{ optional }')).toEqual({ data: { optional: 'anonymous' } })
    expect(await query('{ optional }', 'nobody-issued-this')).toMatchObject(
      refused('optional', 'unauthorized: token is invalid or has expired', 'UNAUTHENTICATED'),
    )
    expect(await query('{ open me }')).toMatchObject({ data: { open: 'open', me: null } })
  })

  it('refuse who does not meet what they ask for, before and in the handler', async () => {
    const { auth, token, adminToken } = await setUp()
    const query = await startApi(auth)
    expect(await query('mutation { remove }', token)).toMatchObject(denied('remove'))
    expect(await query('{ strict }', token)).toMatchObject(denied('strict'))
    expect(handled).not.toHaveBeenCalled()
    expect(await query('mutation { remove }', adminToken)).toEqual({ data: { remove: 'removed' } })
  })

  it('give a public field nothing of what another field has asked for', async () => {
    const { auth, token, user } = await setUp()
    const query = await startApi(auth)
    expect(await query('{ me bare }', token)).toMatchObject({
      data: { me: user.id, bare: null },
      errors: [{ message: expect.stringContaining('not protected') }],
    })
  })

  it('find the request wherever the driver puts it', async () => {
    const { auth, token, user } = await setUp()
    for (const context of [
      (req: unknown) => ({ req }),
      (request: unknown) => ({ request }),
      (request: unknown) => ({ reply: { request } }),
      ({ headers }: { headers: Record<string, string> }) => ({
        request: new Request('http://api', { headers: { authorization: `${headers['authorization']}` } }),
      }),
    ]) {
      const query = await startApi(auth, { context } as GraphqlOptions)
      expect(await query('{ me }', token)).toEqual({ data: { me: user.id } })
    }
  })

  it('let nobody pass where the context has no request, and tell the developer alone why', async () => {
    const log = vi.spyOn(Logger.prototype, 'error')
    const { auth, adminToken } = await setUp()
    for (const context of [() => ({}), () => undefined, () => null, () => ({ req: {} }), () => ({ req: 'request' })]) {
      const query = await startApi(auth, { context } as GraphqlOptions)
      log.mockClear()
      expect(await query('mutation { remove }', adminToken)).toMatchObject({
        data: { remove: null },
        errors: [{ message: 'Internal Server Error' }],
      })
      expect(log.mock.calls).toEqual([[expect.objectContaining({ message: expect.stringContaining('give { req }') })]])
      expect(await query('{ optional }', adminToken)).toMatchObject({ data: { optional: null } })
      expect(await query('{ open }')).toEqual({ data: { open: 'open' } })
    }
    expect(handled).not.toHaveBeenCalled()
  })
})

describe('a field of a type', () => {
  it('keeps the application from starting where it asks for something and no guard would look', async () => {
    const { auth } = await setUp()
    @Resolver('Task')
    @Authorize({ role: 'admin' })
    class ByClass extends SilentTasks {}
    for (const resolver of [Tasks, ByClass]) {
      const app = await createApi(auth, {}, [resolver])
      await expect(app.init()).rejects.toThrow(
        new TypeError(
          `${resolver.name}.owner says what it asks for, and no guard runs before it: give GraphQLModule { fieldResolverEnhancers: ['guards'] }`,
        ),
      )
    }
  })

  it('keeps the application from starting where it says nothing and everybody can reach it', async () => {
    const { auth, token } = await setUp()
    const app = await createApi(auth, {}, [SilentTasks])
    await expect(app.init()).rejects.toThrow(
      new TypeError(
        "SilentTasks.owner says nothing, and no guard runs before it when Queries.open lets everybody pass: give GraphQLModule { fieldResolverEnhancers: ['guards'] }, or say @Public() there",
      ),
    )
    class References {
      @ResolveReference()
      reference() {}
    }
    const federated = await createApi(auth, {}, [References], ClosedQueries)
    await expect(federated.init()).rejects.toThrow(/^References.reference says nothing/)
    const closed = await startApi(auth, {}, [SilentTasks], ClosedQueries)
    expect(await closed('{ tasks { owner } }')).toMatchObject(missing('tasks'))
    expect(await closed('{ tasks { owner } }', token)).toEqual({ data: { tasks: [{ owner: 'an owner' }] } })
    const guarded = await startApi(auth, { fieldResolverEnhancers: ['guards'] }, [SilentTasks])
    expect(await guarded('{ open }')).toEqual({ data: { open: 'open' } })
  })

  it('is judged with the guards that the module is told of', async () => {
    const { auth, token, adminToken } = await setUp()
    const query = await startApi(auth, { fieldResolverEnhancers: ['guards'] }, [Tasks])
    expect(await query('{ tasks { title owner } }', token)).toMatchObject({
      data: { tasks: [{ title: 'one', owner: null }] },
    })
    expect(await query('{ tasks { owner } }', adminToken)).toEqual({ data: { tasks: [{ owner: 'owner of one' }] } })
  })
})
