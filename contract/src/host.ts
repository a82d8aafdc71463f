import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthorizationContext, Requirement, RequirementChoice, ZitadelAuth } from '@org/zitadel-auth'
import type { RevocationOptions } from '@org/zitadel-auth/events'

/** What an application under the contract is set up with. */
export interface Scenario {
  readonly auth: ZitadelAuth
  /** What `/required` and `/optional` ask for. Default: nothing beyond a good token. */
  readonly requirement?: RequirementChoice
  /** What `/function/:organization` and `/optional-function/:organization` ask for, by that parameter of the path. */
  readonly requirementFor?: (organization: string) => RequirementChoice | Promise<RequirementChoice>
  /** What the handler of `/authorize` asks for. Default: the role `admin`. */
  readonly requirementInHandler?: Requirement
  /** A second ZITADEL, for `/second`. */
  readonly second?: ZitadelAuth
  /** What `/events` takes, and `/parsed-events`, behind a parser that has read the body. Default: events with a key of nobody. */
  readonly revocation?: RevocationOptions
  /** Sees every context that reaches a handler. */
  readonly onHandled?: (context: AuthorizationContext | undefined) => void
  /** Headers that are set before any guard, beside {@link earlyHeader}. */
  readonly earlyHeaders?: Readonly<Record<string, string>>
  /** Does something to the response of Node.js before any guard, as other middleware does. */
  readonly onResponse?: (response: ServerResponse) => void
  /** Who answers a refused request. Default: the adapter. */
  readonly onRefusal?: 'respond' | 'throw'
  /** Whether the application handles errors by itself, as it does by default, or leaves that to its framework. */
  readonly errorHandling?: 'own' | 'default'
}

/** What a scenario requires: a good token unless it says something, and be that `undefined`. */
export function readRequirementOf(scenario: Scenario): RequirementChoice {
  return 'requirement' in scenario ? (scenario.requirement as RequirementChoice) : true
}

/** What the endpoints for events take. */
export function readRevocationOf({ revocation = { signingKey: 'of nobody' } }: Scenario): RevocationOptions {
  return revocation
}

/** A running application. */
export interface RunningApi {
  readonly url: string
  close(): Promise<void>
}

/**
 * One framework with our adapter in it, written as its users write it. Every host has the same routes, for any method:
 * `/required`, `/optional`, `/function/:organization`, `/optional-function/:organization`, `/second`, `/authorize` (a good
 * token, then `authorize` in the handler), `/crash` (a good token, then the handler throws), `/stale` (a good token, then a
 * middleware removes the header, then optional authorization), and `/unprotected` (asks for a context that is not there).
 * All but the last answer with {@link describeContext}. `/events` and `/parsed-events` are revocation endpoints. Where `auth` has a
 * resource, its metadata is served too.
 */
export interface Host {
  readonly name: string
  /** Whether repeated headers arrive as one, with a comma between them, as a `Request` has them. */
  readonly joinsHeaders?: true
  /** Whether the framework reads the body of a request before anything of ours can run. */
  readonly readsBodyFirst?: true
  start(scenario: Scenario): Promise<RunningApi>
}

/** The header that every host sets before the adapter runs, as CORS middleware would. It must survive a refusal. */
export const earlyHeader = ['Access-Control-Allow-Origin', 'https://app.example'] as const

/** All headers that are set before any guard. */
export function listEarlyHeaders({ earlyHeaders = {} }: Scenario): readonly (readonly [string, string])[] {
  return [earlyHeader, ...Object.entries(earlyHeaders)]
}

/** What the routes answer. */
export function describeContext(context: AuthorizationContext | undefined): Readonly<Record<string, unknown>> {
  if (context === undefined) return { anonymous: true }
  return { userId: context.userId, roles: context.roles, hasToken: context.token !== '' }
}

/** What a crashing handler throws: an error of the application that looks as much like a refusal as it can. */
export function createCrash(): Error {
  return Object.assign(new Error('the handler crashed'), { status: 418, code: 'ERR_TOKEN_INVALID' })
}

/**
 * What an application's own error handler answers. It writes the id of the request on the error, as many do, so that an error
 * that two requests share shows.
 */
export function describeError(error: unknown, requestId: unknown): Readonly<Record<string, unknown>> {
  const shown = error as Error & { requestId?: unknown }
  shown.requestId ??= requestId
  return { name: shown.name, message: shown.message, requestId: shown.requestId }
}

/** Listens on a free port of this machine. */
export async function listen(server: Server): Promise<RunningApi> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
