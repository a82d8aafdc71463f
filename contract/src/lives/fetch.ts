import type { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { optionalAuthorization, protect, refuse, requireAuthorization } from '@org/zitadel-auth-fetch'
import { type Application, listen } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import type { Exchange } from './exchange.js'
import { http1 } from './http1.js'
import { exchangeHeader, type Journal } from './journal.js'

type Handler = (request: Request) => Response | Promise<Response>

/** A way to protect a handler. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  protect(auth: ZitadelAuth, handler: Handler): Handler
}

const admin = { role: 'admin' }
const all = [noToken, badToken, missingRole, zitadelDown]

const ways: readonly Way[] = [
  {
    name: 'protect(auth, requirement, handler)',
    refuses: all,
    protect: (auth, handler) => protect(auth, admin, handler),
  },
  {
    name: 'the gate of requireAuthorization(auth, requirement)',
    refuses: all,
    protect: (auth, handler) => {
      const gate = requireAuthorization(auth, admin)
      return async (request) => {
        const passed = await gate(request)
        return passed instanceof Response ? passed : handler(request)
      }
    },
  },
  {
    name: 'the gate of optionalAuthorization(auth, requirement)',
    refuses: [badToken, missingRole, zitadelDown],
    protect: (auth, handler) => {
      const gate = optionalAuthorization(auth, admin)
      return async (request) => {
        const passed = await gate(request)
        return passed instanceof Response ? passed : handler(request)
      }
    },
  },
  {
    name: 'a gate that throws, and refuse(auth, error)',
    refuses: all,
    protect: (auth, handler) => {
      const gate = requireAuthorization(auth, admin, { onRefusal: 'throw' })
      return (request) =>
        gate(request).then(
          () => handler(request),
          (error) => refuse(auth, error) ?? new Response(null, { status: 500 }),
        )
    },
  },
]

/** Handlers without a framework, protected in every way. */
export const fetchApplications: readonly Application[] = ways.map((way) => ({
  name: `Fetch API, ${way.name}`,
  protocol: http1,
  refuses: way.refuses,
  delays,
  start(auth, journal) {
    const handle = way.protect(auth, (request) => {
      find(journal, request).run('the handler')
      return Response.json({})
    })
    return listen(createAdaptorServer({ fetch: observe(journal, handle) as never }) as Server)
  },
}))

/** What a server does around a handler. */
function observe(journal: Journal, handle: Handler): (request: Request, env: HttpBindings) => Promise<Response> {
  return async (request, { outgoing }) => {
    const exchange = find(journal, request)
    outgoing.once('close', exchange.leave)
    await new Promise<void>((resolve) => exchange.arrive(resolve))
    const response = await handle(request)
    await new Promise<void>((resolve) => exchange.answer(resolve))
    return response
  }
}

function find(journal: Journal, { headers }: Request): Exchange {
  return journal.find(headers.get(exchangeHeader))
}
