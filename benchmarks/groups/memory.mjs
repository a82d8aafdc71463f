// What cached tokens cost in memory, and what a flood of tokens leaves behind.
import { toCount } from '../lib/figures.mjs'
import { runProcess } from '../lib/processes.mjs'

const entries = [10_000, 100_000]
const flood = 1_000_000

/** Beyond what Node.js takes by itself on a small machine. */
const execArgv = ['--expose-gc', '--max-old-space-size=8192']

export async function measureGroup({ scale }) {
  const figures = {}
  for (const kind of ['opaque', 'jwt']) {
    for (const count of entries) {
      const bytes = await runProcess('servers/filled-cache.mjs', { kind, count: count * scale }, { execArgv })
      figures[`memory.${kind}.${count}.per-token`] = { ...toCount('bytes', bytes), scale }
    }
  }
  const { before, after } = await runProcess('servers/flooded-cache.mjs', { count: flood * scale }, { execArgv })
  figures['memory.flood.heap-before'] = { ...toCount('MB', before / 1e6), scale }
  figures['memory.flood.heap-after'] = { ...toCount('MB', after / 1e6), scale }
  figures['memory.flood.heap-ratio'] = { ...toCount('ratio', after / before), scale }
  return figures
}
