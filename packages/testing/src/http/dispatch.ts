import type { IncomingMessage } from 'node:http'
import type { Route } from '../endpoints/route.js'
import { type Answer, json, text } from './answer.js'
import { readCall } from './call.js'
import { refuseOtherHost } from './instance-host.js'
import { OAuthError, toErrorAnswer } from './oauth-error.js'

/** Answers a request. A refusal is an answer too, and so is a bug: nothing a request does stops the server. */
export async function dispatch(request: IncomingMessage, route: Route | undefined, issuer: string): Promise<Answer> {
  const call = await readCall(request)
  if (call === undefined) return text(413, 'request body too large')
  const wrongHost = refuseOtherHost(call.headers, issuer)
  if (wrongHost) return wrongHost
  if (route === undefined) return text(404, '404 page not found')
  const handle = route.methods[call.method]
  if (handle === undefined) return text(405, 'method not allowed', { allow: Object.keys(route.methods).join(', ') })
  try {
    return await handle(call)
  } catch (error) {
    return error instanceof OAuthError
      ? toErrorAnswer(error)
      : json({ error: 'server_error', error_description: 'Errors.Internal' }, {}, 500)
  }
}
