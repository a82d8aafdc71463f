import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { findVersion } from '../lib/installed.mjs'
import { libraries } from '../lib/libraries.mjs'

const measured = [...libraries, 'express', 'fastify', 'koa']

/** Where and with what the figures are measured. The load, taken before the run, says whether anything else was running. */
export function describeMachine() {
  const [{ model }] = cpus()
  return {
    cpu: model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    loadAverage: loadavg()[0],
    versions: Object.fromEntries(measured.map((name) => [name, findVersion(name)])),
  }
}
