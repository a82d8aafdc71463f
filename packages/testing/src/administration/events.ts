import type { Delivery } from '../events/outbox.js'
import type { Target } from '../events/target.js'
import type { Instance } from '../instance/instance.js'
import { createSecret } from '../instance/secrets.js'

/** The options of a new target. */
export interface TargetOptions {
  /** The URL to call. */
  readonly endpoint: string
  /** Names of events that concern access, or groups of them like `user.grant.*`. Without it, all events. */
  readonly events?: readonly string[]
  /** The key that signs events. Without it, a new one is created. */
  readonly signingKey?: string
}

/** The content of an event. */
export interface EventOptions {
  /** What it happened to: the id of a user, a grant or a session. Without it, a new id. */
  readonly aggregateId?: string
  /** The `event_payload`. Without it, none. */
  readonly payload?: Readonly<Record<string, unknown>>
  /** The `userID`: who made the change, which is not who it concerns. Without it, an administrator. */
  readonly userId?: string
  /** The id of the organization that owns what changed. Without it, the first organization. */
  readonly resourceOwner?: string
}

/**
 * The part of {@link LocalZitadel} for events.
 *
 * @group Types for the compiler
 */
export interface EventAdministration {
  /**
   * Creates a target of Actions v2. It gets signed events about what changes from now on: grants, removed tokens and
   * roles, users who are locked, deactivated or removed, sessions that end, access tokens that are issued and revoked.
   *
   * The `userID` of an event is who made the change. Who it concerns is the `aggregateID` of `user.deactivated`,
   * `user.locked`, `user.removed` and `user.pat.removed`, and the `event_payload.userId` of `user.grant.added`,
   * `user.grant.changed` and `user.grant.removed`. The events `user.grant.cascade.changed`,
   * `user.grant.cascade.removed`, `project.role.removed` and `session.terminated` name nobody.
   */
  createTarget(options: TargetOptions): Target
  /** Removes a target: it gets no more events. */
  removeTarget(target: Target): void
  /**
   * Sends an event to the targets although nothing has changed. Resolves when they have responded, with what was sent
   * and its outcome.
   *
   * @param type - the name of the event, such as `user.locked`
   * @param options - its content
   * @throws `Error`: when no target accepts such an event
   */
  sendEvent(type: string, options?: EventOptions): Promise<readonly Delivery[]>
  /** Resolves when all events and logout tokens were delivered. */
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
