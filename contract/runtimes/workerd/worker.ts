// A worker as users write one: bundled by esbuild from the built package, and run by workerd.

import { env } from 'cloudflare:workers'
import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'

const auth = createZitadelAuth(env.OPTIONS as ZitadelAuthOptions)

export default {
  fetch(request: Request): Response | Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const response = answer(request.headers.get('authorization'), searchParams.get('role'))
    // An application whose patience is over before ZITADEL has answered.
    return pathname === '/impatient' ? Promise.race([response, new Response(null, { status: 504 })]) : response
  },
}

async function answer(header: string | null, role: string | null): Promise<Response> {
  try {
    const { userId } = await auth.authenticate(header ?? undefined, role === null ? true : { role })
    return Response.json({ userId })
  } catch (error) {
    const refusal = auth.refusal(error)
    if (refusal === undefined) throw error
    return refusal.toResponse()
  }
}
