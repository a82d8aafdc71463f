// Which core each process is kept on: a server that shares its core with its client is measured together with it.
import { spawnSync } from 'node:child_process'

/** A core for each role; none where the platform can't say, or there is one core. */
export function findCores() {
  const { stdout } = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  const cores = readCoreList(stdout ?? '')
  if (cores.length < 2) return {}
  // The machine's own work is usually on the first one.
  return { server: cores.at(-1), client: cores[0], zitadel: cores.length > 2 ? cores[1] : cores[0] }
}

/** The start of a command that runs on a core; empty where there is none to keep to. */
export function pin(core) {
  return core === undefined ? [] : ['taskset', '-c', String(core)]
}

/** Reads what taskset says, such as `pid 1's current affinity list: 0,2-5`. */
export function readCoreList(text) {
  const list = /: ([\d,-]+)$/.exec(text.trim())?.[1] ?? ''
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return range === '' ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
