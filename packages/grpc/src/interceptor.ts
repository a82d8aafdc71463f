import { Metadata, ServerInterceptingCall, type ServerInterceptor, type StatusObject, status } from '@grpc/grpc-js'
import {
  AuthorizationError,
  type AuthorizationHeader,
  type AuthTypes,
  type RoleOf,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { Guard } from '@org/zitadel-auth/adapter'
import { findAuthorization, setAuthorization } from './authorization.js'
import { watchExpiry } from './expiry.js'
import { guardCall } from './guarded-call.js'
import { type InterceptorOptions, readInterceptorOptions } from './interceptor-options.js'
import type { MethodRequirements, RequirementRequest } from './method-requirements.js'
import { readMethodRequirements } from './read-method-requirements.js'
import { toGrpcRefusal } from './refusal.js'
import { createReport, describeError, type Report } from './report.js'

/**
 * Creates a server interceptor that allows a call if it has what its method needs, and rejects all others.
 *
 * A method that is not declared is rejected for everybody with `INTERNAL`, and logged: the server is not set up for it,
 * so no token would help.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirements - what the methods need, by service definition or by full name
 * @param options - streams, logging, time
 * @throws `TypeError`: at startup, when a service has no such method, one of its methods is left out, a requirement is
 * empty or malformed, an option is unknown or malformed, or `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { Server, type ServiceDefinition } from '@grpc/grpc-js'
 * import { createAuthorizationInterceptor } from '@org/zitadel-auth-grpc'
 *
 * export function createServer(tasks: ServiceDefinition): Server {
 *   const authorization = createAuthorizationInterceptor(auth, {
 *     services: [[tasks, { Healthz: 'public', ListTasks: true, AddTask: { role: 'admin' } }]],
 *   })
 *   return new Server({ interceptors: [authorization] })
 * }
 * ```
 */
export function createAuthorizationInterceptor<Types extends AuthTypes, const Services extends readonly object[]>(
  auth: ZitadelAuth<Types>,
  requirements: MethodRequirements<Services, RoleOf<Types>>,
  options: InterceptorOptions = {},
): ServerInterceptor {
  const { endExpiredStreams, logger, clock } = readInterceptorOptions(options)
  const guards = readMethodRequirements(auth as ZitadelAuth, requirements as MethodRequirements)
  const report = createReport(logger)
  const refuseUndeclared = createUndeclaredRefusal(report)

  return ({ path, requestStream, responseStream }, call) => {
    const guard = guards.get(path) ?? refuseUndeclared(path)
    if (guard === 'public') return new ServerInterceptingCall(call)
    const canOutliveToken = endExpiredStreams && (requestStream || responseStream)
    const reportBug = (error: unknown): void =>
      report(`a call of ${path} met an error that is not about authorization: ${describeError(error)}`)
    return guardCall(call, {
      async admit(metadata) {
        const header = readAuthorizationMetadata(metadata)
        const context = guard.recall(header) ?? (await guard.admit(header, { path, metadata }))
        if (context !== undefined) setAuthorization(metadata, context)
      },
      watch(metadata, end) {
        const expiresAt = canOutliveToken ? findAuthorization(metadata)?.expiresAt : undefined
        return watchExpiry(expiresAt, end, clock)
      },
      toStatus: (error) => toStatus(auth, error, reportBug),
      report: reportBug,
    })
  }
}

/**
 * Every value that arrives: an interceptor before this one may have added some. Of an `authorization` that is repeated on the
 * wire only the first arrives, since node:http2 drops the others before grpc-js sees them.
 */
function readAuthorizationMetadata(metadata: Metadata): AuthorizationHeader {
  const values = metadata.get('authorization').map(String)
  return values.length > 1 ? values : values[0]
}

/** Says once per method what is missing. There are no more of them than the server has handlers. */
function createUndeclaredRefusal(report: Report): (path: string) => Guard<RequirementRequest> {
  const reported = new Set<string>()
  return (path) => ({
    recall: () => undefined,
    async admit() {
      const message = `${path} is refused to everybody: declare what it asks for in createAuthorizationInterceptor, 'public' if nothing`
      if (!reported.has(path)) report(`ERR_CONFIGURATION: ${message}`)
      reported.add(path)
      throw new AuthorizationError('ERR_CONFIGURATION', message)
    },
  })
}

/** Nobody after this interceptor would hear of an error that is none of ours, such as one thrown by a check. */
function toStatus(
  auth: Pick<ZitadelAuth, 'refusal'>,
  error: unknown,
  reportBug: (error: unknown) => void,
): StatusObject {
  try {
    const refusal = toGrpcRefusal(auth, error)
    if (refusal !== undefined) return refusal
    reportBug(error)
  } catch (cause) {
    // What a check throws can be anything, also what cannot be read.
    reportBug(cause)
  }
  return { code: status.INTERNAL, details: 'internal server error', metadata: new Metadata() }
}
