import { outliveRequest } from '../internal/outlive-request.js'
import { type SingleFlight, throwCopy } from '../internal/single-flight.js'

/** Gives answers to questions that were asked after the caller came, and shares them. */
export interface NextFlights<Result> {
  /**
   * Asks at once where nothing is under way for the key. Otherwise waits for the end of that, and asks then, once for all who
   * came meanwhile.
   */
  run(key: string, ask: () => Promise<Result>): Promise<Result>
}

/**
 * Makes {@link NextFlights}.
 *
 * @param flights - where the questions are under way
 */
export function createNextFlights<Result>(flights: SingleFlight<Result>): NextFlights<Result> {
  const nexts = new Map<string, Promise<Result>>()

  async function takeTurn(key: string, underWay: Promise<unknown>, ask: () => Promise<Result>): Promise<Result> {
    await underWay.catch(() => {})
    // From here on the question is older than whoever comes.
    nexts.delete(key)
    return ask()
  }

  return {
    run(key, ask) {
      const underWay = flights.find(key)
      if (underWay === undefined) return ask()
      const next = nexts.get(key) ?? takeTurn(key, underWay.join(), ask)
      nexts.set(key, next)
      outliveRequest(next)
      return next.catch(throwCopy)
    },
  }
}
