/** Tells what came first within this process, where a clock may show the same time twice. */
export interface Moments {
  /** Gives a number that is greater than all before it. */
  next(): number
}

/** Makes {@link Moments}. */
export function createMoments(): Moments {
  let last = 0
  return {
    next() {
      last += 1
      return last
    },
  }
}
