import { type CanActivate, type ExecutionContext, InternalServerErrorException, Logger } from '@nestjs/common'
import type { AuthTypes, RequestRequirement, RoleOf, ZitadelAuth } from '@org/zitadel-auth'
import {
  createGuard,
  type Guard,
  type GuardArguments,
  type RefusalOptions,
  readRefusalOptions,
} from '@org/zitadel-auth/adapter'
import { awaitAdmission } from './admission.js'
import type { Call } from './calls/call.js'
import { holdStream } from './calls/grpc-stream.js'
import { readCall } from './calls/read-call.js'
import { setPassage } from './passage.js'
import { toException } from './refuse.js'
import type { Refuser } from './refused-exception.js'

/** Finds the guard of a handler. */
export type FindGuard = (context: ExecutionContext) => Guard<ExecutionContext> | 'public'

/**
 * Creates a guard that allows calls with a valid token that meet the requirement, and rejects all others: for some
 * handlers of an application without `ZitadelAuthModule`, or for a second ZITADEL beside it.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of Nest's context. Default:
 * `true`. Then the options: with `onRefusal: 'throw'` the guard throws the `AuthorizationError` of a rejected call
 * itself, for the filters of the application
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { Controller, Get, UseGuards } from '@nestjs/common'
 * import { requireAuthorization } from '@org/zitadel-auth-nest'
 *
 * @Controller('reports')
 * @UseGuards(requireAuthorization(auth, { role: 'admin' }))
 * export class ReportsController {
 *   @Get()
 *   list() {}
 * }
 * ```
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<ExecutionContext, RoleOf<Types>>, RefusalOptions>
): CanActivate {
  const guard = createGuard<ExecutionContext, Types>(auth, 'required', given)
  return createCanActivate(auth, () => guard, readRefusalOptions(given[1]))
}

/**
 * Creates a guard that allows calls without credentials too. Invalid credentials are rejected.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a call with credentials needs, and the options, as in {@link requireAuthorization}
 * @throws `TypeError`: at startup, as {@link requireAuthorization} does
 *
 * @example
 * ```ts
 * import { Controller, Get, UseGuards } from '@nestjs/common'
 * import { optionalAuthorization } from '@org/zitadel-auth-nest'
 *
 * @Controller()
 * @UseGuards(optionalAuthorization(auth))
 * export class HomeController {
 *   @Get()
 *   greet() {}
 * }
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<ExecutionContext, RoleOf<Types>>, RefusalOptions>
): CanActivate {
  const guard = createGuard<ExecutionContext, Types>(auth, 'optional', given)
  return createCanActivate(auth, () => guard, readRefusalOptions(given[1]))
}

/** Makes what Nest calls before a handler. */
export function createCanActivate(auth: Refuser, findGuard: FindGuard, options: Required<RefusalOptions>): CanActivate {
  async function admit(guard: Guard<ExecutionContext>, call: Call, context: ExecutionContext): Promise<true> {
    const stream = holdStream(context.getArgs())
    try {
      const authorization = await guard.admit(call.header, context)
      setPassage(call.carrier, context.getHandler(), { authorization })
      stream?.pass()
      return true
    } catch (error) {
      stream?.refuse()
      throw toException(auth, error, context, options)
    }
  }

  function judge(context: ExecutionContext): true | Promise<true> {
    const guard = findGuard(context)
    if (guard === 'public') return true
    const call = readCallOf(context)
    const authorization = guard.recall(call.header)
    if (authorization === undefined) return admit(guard, call, context)
    setPassage(call.carrier, context.getHandler(), { authorization })
    return true
  }

  return {
    canActivate(context) {
      const admission = context.getType() === 'ws' ? awaitAdmission(context.getArgByIndex(0)) : undefined
      if (admission === undefined) return judge(context)
      return admission.then(
        () => judge(context),
        (error) => {
          throw toException(auth, error, context, options)
        },
      )
    },
  }
}

const logger = new Logger('ZitadelAuth')

/** GraphQL tells its clients of every error, and nobody else. */
function readCallOf(context: ExecutionContext): Call {
  try {
    return readCall(context)
  } catch (error) {
    if (context.getType<string>() !== 'graphql') throw error
    logger.error(error)
    throw new InternalServerErrorException()
  }
}
