import { type Call, has } from './call.js'
import { readHeader } from './http.js'

/**
 * Reads the call of a resolver, whose third argument is what the application makes of a request: `{ req }` on Express,
 * `{ reply }` with Mercurius, `{ request }` with Yoga.
 *
 * @throws `TypeError`: when it has no request
 */
export function readGraphqlCall([, , context]: readonly unknown[]): Call {
  const request = findRequest(context)
  if (request !== undefined) return { carrier: context as object, header: readHeader(request) }
  throw new TypeError(
    'the context of GraphQL has no request, so nobody can pass: let the context of GraphQLModule give { req }, also for subscriptions',
  )
}

function findRequest(context: unknown): object | undefined {
  const candidates = [
    has(context, 'req') ? context.req : undefined,
    has(context, 'request') ? context.request : undefined,
    has(context, 'reply') && has(context.reply, 'request') ? context.reply.request : undefined,
  ]
  return candidates.find((candidate) => has(candidate, 'headers')) as object | undefined
}
