/** Runs a task for a key, or joins the one that is under way for it. */
export interface SingleFlight<Result> {
  run(key: string, task: () => Promise<Result>): Promise<Result>
  /** Lets no later caller join what is under way now. Those who joined already still get its result. */
  detachAll(): void
}

/** Makes a {@link SingleFlight}: however many callers ask for one key at once, the task runs once and all get its result. */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>()
  return {
    run(key, task) {
      const joined = flights.get(key)
      if (joined !== undefined) return joined
      const flight = task().finally(() => {
        // After detachAll the key may belong to a later flight.
        if (flights.get(key) === flight) flights.delete(key)
      })
      flights.set(key, flight)
      return flight
    },
    detachAll: () => flights.clear(),
  }
}
