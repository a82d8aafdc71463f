// autocannon, in a process of its own: in that of the benchmarks it would wait for everything else that goes on there.
import { runProcess } from '../lib/processes.mjs'

/** Loads a server for some seconds. */
export function loadWithAutocannon(url, { core, ...options }) {
  return runProcess('client/autocannon-process.mjs', { url, isPinned: core !== undefined, ...options }, { core })
}
