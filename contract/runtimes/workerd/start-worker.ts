import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { ask } from '../../src/ask.js'
import { bundleWorker, type WorkerFile } from './bundle.js'

/** A worker that runs. */
export interface RunningWorker {
  readonly url: string
  /** Gives the status of a request with a token. */
  status(token: string, path?: string): Promise<number>
}

/** How workerd is to behave: the day up to which it follows its own changes, and what it does before their day. */
export interface Compatibility {
  readonly date?: string
  readonly flags?: readonly string[]
}

const folder = process.env['RUNTIME_FOLDER'] ?? ''

/**
 * Starts a worker with the options of its ZitadelAuth, until the end of the test.
 *
 * @throws {Error} what workerd says, where the worker does not start
 */
export async function startWorker(
  options: object,
  compatibility?: Compatibility,
  file?: WorkerFile,
): Promise<RunningWorker> {
  const { code } = await bundleWorker(file)
  const own = mkdtempSync(join(folder, 'worker-'))
  writeFileSync(join(own, 'worker.js'), code)
  writeFileSync(join(own, 'worker.capnp'), toConfiguration(options, compatibility))
  const workerd = spawn(join(folder, 'node_modules/.bin/workerd'), ['serve', 'worker.capnp', '--control-fd=3'], {
    cwd: own,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = once(workerd, 'close')
  onTestFinished(async () => {
    workerd.kill()
    await ended
    rmSync(own, { recursive: true })
  })
  const said = text(workerd.stderr as Readable)
  const port = await Promise.race([readPort(workerd.stdio[3] as Readable), ended])
  if (typeof port !== 'number') throw new Error(await said)
  const url = `http://127.0.0.1:${port}`
  const authorize = (token: string) => ({ authorization: `Bearer ${token}` })
  return { url, status: async (token, path = '/') => (await ask(url + path, authorize(token))).status }
}

/** workerd writes a line of JSON for each socket on which it listens. */
async function readPort(control: Readable): Promise<number> {
  const [line] = await once(createInterface(control), 'line')
  return JSON.parse(line).port
}

/** @see [workerd.capnp](https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp) */
function toConfiguration(options: object, { date = '2026-08-04', flags = [] }: Compatibility = {}): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "api", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      bindings = [(name = "OPTIONS", json = ${JSON.stringify(JSON.stringify(options))})],
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
    )),
    # Without it fetch reaches no address of this machine.
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "api")],
);
`
}
