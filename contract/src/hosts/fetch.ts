import type { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { AuthorizationContext } from '@org/zitadel-auth'
import {
  authorize,
  type Gate,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  protect,
  refuse,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
} from '@org/zitadel-auth-fetch'
import {
  createCrash,
  describeContext,
  describeError,
  type Host,
  listEarlyHeaders,
  listen,
  readRequirementOf,
  readRevocationOf,
  type Scenario,
} from '../host.js'

/** No framework: functions from `Request` to `Response`, as Next.js, workers, Bun and Deno take them. */
export const fetchHost: Host = {
  name: 'Fetch API',
  joinsHeaders: true,
  start: (scenario) => listen(createAdaptorServer({ fetch: createHandler(scenario) as never }) as Server),
}

type Handler = (request: Request) => Response | Promise<Response>

function createHandler(scenario: Scenario): (request: Request, env: HttpBindings) => Promise<Response> {
  const routes = createRoutes(scenario)
  const metadata = scenario.auth.resourceMetadata === undefined ? undefined : resourceMetadata(scenario.auth)
  return async (request, env) => {
    scenario.onResponse?.(env.outgoing)
    const described = await metadata?.(request)
    if (described !== undefined) return described
    const [, first = ''] = new URL(request.url).pathname.split('/')
    const handle = routes[first] ?? (() => new Response(null, { status: 404 }))
    const response = await answerErrors(scenario, handle, request)
    for (const [name, value] of listEarlyHeaders(scenario)) response.headers.append(name, value)
    return response
  }
}

function createRoutes(scenario: Scenario): Readonly<Record<string, Handler>> {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const requirement = readRequirementOf(scenario)
  const { onRefusal = 'respond', requirementFor = () => true, onHandled = () => {} } = scenario
  const options = { onRefusal }
  const answer = (context: AuthorizationContext | undefined): Response => {
    onHandled(context)
    return Response.json(describeContext(context))
  }
  const behind =
    (gate: Gate<AuthorizationContext | undefined | Response>, read: typeof getOptionalAuthorization): Handler =>
    async (request) => {
      const passed = await gate(request)
      return passed instanceof Response ? passed : answer(read(request))
    }
  const byOrganization = ({ url }: Request) => requirementFor(new URL(url).pathname.split('/')[2] ?? '')
  const optional = optionalAuthorization(auth)

  const revocation = revocationEndpoint(auth, readRevocationOf(scenario))

  return {
    events: revocation,
    'parsed-events': async (request) => {
      await request.text()
      return revocation(request)
    },
    required: behind(requireAuthorization(auth, requirement, options), getAuthorization),
    optional: behind(optionalAuthorization(auth, requirement, options), getOptionalAuthorization),
    function: behind(requireAuthorization(auth, byOrganization, options), getAuthorization),
    'optional-function': behind(optionalAuthorization(auth, byOrganization), getOptionalAuthorization),
    stale: protect(auth, true, (request) => behind(optional, getOptionalAuthorization)(removeHeader(request))),
    second: protect(second, true, (_request, context) => answer(context)),
    authorize: protect(auth, true, (request, context) => {
      authorize(request, requirementInHandler)
      return answer(context)
    }),
    crash: protect(auth, true, () => {
      throw createCrash()
    }),
    unprotected: (request) => answer(getAuthorization(request)),
  }
}

function removeHeader(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  return new Request(request, { headers })
}

/** What a framework's error hook does, or where the application has none, a framework that knows the `status` of an error. */
async function answerErrors(
  { auth, onRefusal, errorHandling }: Scenario,
  handle: Handler,
  request: Request,
): Promise<Response> {
  try {
    return await handle(request)
  } catch (error) {
    const { status = 500, headers = {} } = error as Error & { status?: number; headers?: Record<string, string> }
    if (errorHandling === 'default') return new Response((error as Error).message, { status })
    const refusal = onRefusal === 'throw' ? undefined : refuse(auth, error)
    return refusal ?? Response.json(describeError(error, request.headers.get('x-request-id')), { status, headers })
  }
}
