// wrk: one thread, which needs far less of a core for a request than the servers do.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pin } from '../lib/cores.mjs'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

/** Its version; undefined where it is not on the PATH. */
export function findWrk() {
  const { stdout } = spawnSync('wrk', ['--version'], { encoding: 'utf8' })
  return /^wrk \S+/.exec(stdout ?? '')?.[0]
}

/**
 * Loads a server for some seconds, which may be a fraction: wrk takes whole ones, and stops when it is interrupted. It misses
 * that while it starts, so it is told again.
 */
export async function loadWithWrk(url, { seconds, connections, tokens, core }) {
  const args = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds) + 10}`, '-s', script, url, '--', ...tokens]
  const [command, ...rest] = [...pin(core), 'wrk', ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  const timer = setInterval(() => child.kill('SIGINT'), seconds * 1_000)
  const [output, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  clearInterval(timer)
  const [measured] = /^\{.*\}$/m.exec(output) ?? []
  if (measured !== undefined) return JSON.parse(measured)
  // Interrupted before it was listening for that.
  if (signal === 'SIGINT') return { requests: 0, failed: 0, seconds, p99: 0 }
  throw new Error(`wrk ended without having measured ${url}`)
}
