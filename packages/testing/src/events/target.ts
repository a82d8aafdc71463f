/** Where ZITADEL calls an API: a target of Actions v2, with the events that are executed on it. */
export interface Target {
  /** The id. */
  readonly id: string
  /** The URL that is called. */
  readonly endpoint: string
  /** The key of the signatures. */
  readonly signingKey: string
  /** Names of events, or groups of them like `user.grant.*`. Absent: all. */
  readonly events?: readonly string[]
}

/** Whether a target is called for an event. */
export function takesEvent({ events }: Target, type: string): boolean {
  return events === undefined || events.some((name) => name === type || isInGroup(type, name))
}

function isInGroup(type: string, group: string): boolean {
  return group.endsWith('.*') && type.startsWith(group.slice(0, -1))
}
