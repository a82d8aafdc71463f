import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Makes a function that gives what is still in use, in bytes: garbage does not count, nor do deadlines, which Node.js lets go of
 * a turn after their end.
 */
export function createHeapMeter(): () => Promise<number> {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  return async () => {
    collectGarbage()
    await setImmediate()
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
}
