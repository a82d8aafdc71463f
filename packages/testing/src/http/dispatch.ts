import type { IncomingMessage } from 'node:http'
import type { Route } from '../endpoints/route.js'
import type { Instance } from '../instance/instance.js'
import { type Answer, json, NO_STORE } from './answer.js'
import { readCall } from './call.js'
import { OAuthError, toErrorAnswer } from './oauth-error.js'

/** Answers a request. A refusal is an answer too, and so is a bug: nothing a request does stops the server. */
export async function dispatch(request: IncomingMessage, route: Route, instance: Instance): Promise<Answer> {
  try {
    // A broken clock shows at every endpoint, not only where the time matters.
    instance.now()
    const call = await readCall(request)
    if (call === undefined) throw new OAuthError('invalid_request', 'error parsing form')
    return await route.handle(instance, call)
  } catch (error) {
    return error instanceof OAuthError
      ? toErrorAnswer(error)
      : json({ error: 'server_error', error_description: 'Errors.Internal' }, NO_STORE, 500)
  }
}
