/** How long an application takes to finish a response, such as one that saves a session first. */
export interface Delay {
  readonly name: string
  /** Goes on when the time has come. */
  later(goOn: () => void): void
  /** That the time never comes, as with a store that has stopped answering. */
  readonly isEndless?: true
}

/** In an application that does nothing of the kind. */
export const atOnce: Delay = { name: 'at once', later: (goOn) => goOn() }

/** From an application that does nothing of the kind to one whose store is gone. Here time is what is under test. */
export const delays: readonly [Delay, ...Delay[]] = [
  atOnce,
  { name: 'after a microtask', later: (goOn) => queueMicrotask(goOn) },
  { name: 'in the next turn', later: (goOn) => void setImmediate(goOn) },
  { name: 'after 1 ms', later: (goOn) => void setTimeout(goOn, 1) },
  { name: 'after 100 ms', later: (goOn) => void setTimeout(goOn, 100) },
  { name: 'never', later: () => {}, isEndless: true },
]
