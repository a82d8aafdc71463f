// Some tests, and a group of the benchmarks, start a Redis of their own.
import { spawnSync } from 'node:child_process'

/** Whether there is one to start. */
export function hasRedisServer() {
  return spawnSync('redis-server', ['--version']).status === 0
}
