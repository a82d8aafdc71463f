import type { Delivery } from '../events/outbox.js'
import type { Target } from '../events/target.js'
import type { Instance } from '../instance/instance.js'
import { createSecret } from '../instance/secrets.js'

/** What a new target is like. */
export interface TargetOptions {
  /** The URL to call. */
  readonly endpoint: string
  /** Names of events that concern access, or groups of them like `user.grant.*`. Default: all events there are. */
  readonly events?: readonly string[]
  /** Default: a new one. */
  readonly signingKey?: string
}

/** What an event tells beside its name. */
export interface EventOptions {
  /** What it happened to: the id of a user, of a grant, of a session. Default: a new id. */
  readonly aggregateId?: string
  /** The `event_payload`. Default: none. */
  readonly payload?: Readonly<Record<string, unknown>>
  /** The `userID`, which is who made the change and not whom it concerns. Default: an administrator. */
  readonly userId?: string
  /** Default: the id of the first organization. */
  readonly resourceOwner?: string
}

/** What ZITADEL tells by itself. */
export interface EventAdministration {
  /**
   * Creates a target of Actions v2, which is told, signed, what changes from now on: grants, removed tokens and roles,
   * users who are locked, deactivated or removed, sessions that end, access tokens that are issued and revoked.
   *
   * The `userID` of an event is who made the change. Whom it concerns is the `aggregateID` of `user.deactivated`,
   * `user.locked`, `user.removed` and `user.pat.removed`, and the `event_payload.userId` of `user.grant.added`,
   * `user.grant.changed` and `user.grant.removed`. The events `user.grant.cascade.changed`, `user.grant.cascade.removed`,
   * `project.role.removed` and `session.terminated` name nobody.
   */
  createTarget(options: TargetOptions): Target
  /** Removes a target: it is told nothing any more. */
  removeTarget(target: Target): void
  /**
   * Tells the targets of an event although nothing has changed. Resolves when they have answered, with what was
   * sent and what came of it.
   *
   * @throws {Error} when no target takes such an event.
   */
  sendEvent(type: string, options?: EventOptions): Promise<readonly Delivery[]>
  /** Resolves when everything that was to be told has been: events, and logout tokens. */
  untilDelivered(): Promise<void>
}

export function createEventAdministration(instance: Instance): EventAdministration {
  const { eventLog, outbox } = instance
  return {
    createTarget({ signingKey = createSecret(), ...options }) {
      const target = Object.freeze({ id: instance.nextId(), ...options, signingKey })
      eventLog.targets.set(target.id, target)
      return target
    },
    removeTarget: ({ id }) => void eventLog.targets.delete(id),
    async sendEvent(type, options = {}) {
      const { aggregateId = instance.nextId(), resourceOwner = instance.defaultOrganization.id } = options
      const { userId = instance.administratorId, payload } = options
      const deliveries = eventLog.record({ type, aggregateId, resourceOwner, userId, payload })
      if (deliveries.length === 0) throw new Error(`no target takes "${type}": create one with createTarget first`)
      return Promise.all(deliveries)
    },
    untilDelivered: () => outbox.untilDelivered(),
  }
}
