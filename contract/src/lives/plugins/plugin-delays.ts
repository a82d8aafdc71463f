import { atOnce, type Delay } from '../delay.js'

/** How long a store takes to write. */
export const storeDelays: readonly [Delay, ...Delay[]] = [
  { name: 'in the next turn', later: (goOn) => void setImmediate(goOn) },
  { name: 'after 5 ms', later: (goOn) => void setTimeout(goOn, 5) },
  { name: 'never', later: () => {}, isEndless: true },
]

/** What is on top of the time that a plugin takes by itself. */
export const addedDelays: readonly [Delay, ...Delay[]] = [atOnce, storeDelays[0]]
