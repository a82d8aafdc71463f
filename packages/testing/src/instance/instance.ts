import { createEventLog, type EventLog } from '../events/event-log.js'
import { createOutbox, type Outbox } from '../events/outbox.js'
import { createSigningKeys, type SigningKeys } from '../tokens/signing-keys.js'
import { createIdentifiers } from './identifiers.js'
import type {
  AccessTokenRecord,
  Application,
  Grant,
  Organization,
  Project,
  RegisteredKey,
  User,
  UserGroup,
} from './model.js'

/** All the server knows. Every map is keyed by id unless it says otherwise. */
export interface Instance {
  /** The public address, without a trailing slash. While a request is answered: the name by which it asked. */
  readonly issuer: string
  /** Every name of the instance, without a port. */
  readonly hostnames: Set<string>
  /** Milliseconds since the epoch. The only clock of the server. */
  readonly now: () => number
  readonly nextId: () => string
  readonly defaultOrganization: Organization
  /** The `client_id` of tokens that people got without naming an application. */
  readonly consoleClientId: string
  /** The project of ZITADEL's own APIs, which scopes call `zitadel`. */
  readonly zitadelProjectId: string
  readonly organizations: Map<string, Organization>
  readonly projects: Map<string, Project>
  readonly rolesByProject: Map<string, Set<string>>
  /** By client id. */
  readonly applications: Map<string, Application>
  readonly users: Map<string, User>
  readonly metadataByUser: Map<string, Map<string, string>>
  readonly userGroups: Map<string, UserGroup>
  /** Ids of groups, by user. */
  readonly groupsByUser: Map<string, Set<string>>
  /** By user, project and organization. */
  readonly grants: Map<string, Grant>
  readonly keys: Map<string, RegisteredKey>
  /** Secrets of service accounts, by user. */
  readonly secrets: Map<string, string>
  readonly accessTokens: Map<string, AccessTokenRecord>
  /** Token ids by the exact token string. */
  readonly opaqueTokens: Map<string, string>
  /** Ids of whatever was deactivated: users, applications (client ids), projects, organizations. */
  readonly deactivated: Set<string>
  /** Ids of users. */
  readonly locked: Set<string>
  readonly signingKeys: SigningKeys
  /** The id of who changes things in the Console. */
  readonly administratorId: string
  readonly eventLog: EventLog
  readonly outbox: Outbox
}

/** Creates an instance as it is after ZITADEL's first start: one organization and nothing in it. */
export function createInstance({ issuer, now }: Pick<Instance, 'issuer' | 'now'>): Instance {
  const nextId = createIdentifiers()
  const outbox = createOutbox()
  const defaultOrganization = Object.freeze({ id: nextId(), name: 'ZITADEL', primaryDomain: 'zitadel.localhost' })
  return {
    issuer,
    hostnames: new Set([new URL(issuer).hostname]),
    now,
    nextId,
    defaultOrganization,
    consoleClientId: nextId(),
    zitadelProjectId: nextId(),
    organizations: new Map([[defaultOrganization.id, defaultOrganization]]),
    projects: new Map(),
    rolesByProject: new Map(),
    applications: new Map(),
    users: new Map(),
    metadataByUser: new Map(),
    userGroups: new Map(),
    groupsByUser: new Map(),
    grants: new Map(),
    keys: new Map(),
    secrets: new Map(),
    accessTokens: new Map(),
    opaqueTokens: new Map(),
    deactivated: new Set(),
    locked: new Set(),
    signingKeys: createSigningKeys(nextId),
    administratorId: nextId(),
    eventLog: createEventLog({ instanceId: nextId(), now, outbox }),
    outbox,
  }
}

/** The server's time in whole seconds, as JWTs count it. */
export function nowSeconds(instance: Instance): number {
  return Math.floor(instance.now() / 1_000)
}

/**
 * Gives what is stored under an id.
 *
 * @throws `Error`: naming the kind, when this server has never made such a thing.
 */
export function requireKnown<T>(known: ReadonlyMap<string, T>, id: string, kind: string): T {
  const found = known.get(id)
  if (found === undefined) throw new Error(`this local ZITADEL has no ${kind} with the id ${id}`)
  return found
}
