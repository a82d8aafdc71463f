// A worker whose handlers are protected, without a framework and with Hono.

import { env } from 'cloudflare:workers'
import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { createRoutes } from '../routes.mjs'

const answer = createRoutes(createZitadelAuth(env.OPTIONS as ZitadelAuthOptions))

export default {
  fetch(request: Request, ...rest: readonly unknown[]): Response | Promise<Response> {
    if (new URL(request.url).pathname !== '/impatient') return answer(request, ...rest)
    // An application whose patience is over before ZITADEL has answered.
    const response = answer(new Request(new URL('/', request.url), request), ...rest)
    return Promise.race([response, new Response(null, { status: 504 })])
  },
}
