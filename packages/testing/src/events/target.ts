/** A target of Actions v2, with the events that it gets. */
export interface Target {
  /** The id. */
  readonly id: string
  /** The URL. */
  readonly endpoint: string
  /** The key that signs the events. */
  readonly signingKey: string
  /** Names of events, or groups of them like `user.grant.*`. If it is absent, all events. */
  readonly events?: readonly string[]
}

/** Whether a target is called for an event. */
export function takesEvent({ events }: Target, type: string): boolean {
  return events === undefined || events.some((choice) => takesEventType(choice, type))
}

/** Whether a name of an event, or of a group, stands for an event. */
export function takesEventType(choice: string, type: string): boolean {
  return choice === type || (choice.endsWith('.*') && type.startsWith(choice.slice(0, -1)))
}
