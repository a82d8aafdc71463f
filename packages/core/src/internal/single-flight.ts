/** Does something once for all who want it at the same time. */
export interface SingleFlight<Result> {
  /** Runs the task, or joins the one that is under way for the key. */
  run(key: string, task: Task<Result>): Promise<Result>
  /** Runs the task in any case. Later callers join this one, and the one that was under way is outdated. */
  restart(key: string, task: Task<Result>): Promise<Result>
  /** Tells whether a task is under way that a caller would join. */
  has(key: string): boolean
  /** Outdates what is under way: later callers start anew. Those who joined already still get its result. */
  outdateAll(): void
}

/** `isCurrent` tells whether the task is still the latest for its key: the result of an outdated one is not to be kept. */
export type Task<Result> = (isCurrent: () => boolean) => Promise<Result>

/** Makes a {@link SingleFlight}. */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, { readonly result: Promise<Result> }>()

  function start(key: string, task: Task<Result>): Promise<Result> {
    const isCurrent = (): boolean => flights.get(key) === flight
    // The task runs up to its first await before there is a flight to ask for: nothing is kept by then.
    const flight: { readonly result: Promise<Result> } = {
      result: task(isCurrent).finally(() => {
        if (isCurrent()) flights.delete(key)
      }),
    }
    flights.set(key, flight)
    return flight.result
  }

  return {
    run: (key, task) => flights.get(key)?.result ?? start(key, task),
    restart: start,
    has: (key) => flights.has(key),
    outdateAll: () => flights.clear(),
  }
}
