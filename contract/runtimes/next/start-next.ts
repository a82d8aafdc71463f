import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Answer, ask } from '../../src/ask.js'

/** An application in production. */
export interface RunningNext {
  /** Gives the answer to a request with a token. */
  ask(path: string, token?: string): Promise<Answer>
  /** Gives its status. */
  status(path: string, token?: string): Promise<number>
  close(): Promise<void>
}

const folder = process.env['RUNTIME_FOLDER'] ?? ''
const next = join(folder, 'node_modules/next/dist/bin/next')

/** Builds the application for production, and starts it, with the options of its ZitadelAuth. */
export async function startNext(options: object): Promise<RunningNext> {
  cpSync(fileURLToPath(new URL('application', import.meta.url)), folder, { recursive: true })
  // What an earlier run has cached would be found by this one.
  rmSync(join(folder, '.next'), { recursive: true, force: true })
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  const run = (...args: readonly string[]) =>
    spawn(process.execPath, [next, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, ZITADEL_OPTIONS: JSON.stringify(options) },
    })

  const build = run('build')
  build.stdout.resume()
  const [code] = await once(build, 'close')
  if (code !== 0) throw new Error(`next build ended with ${code}`)

  const port = await findFreePort()
  const server = run('start', '--hostname', '127.0.0.1', '--port', String(port))
  const ended = once(server, 'close')
  for await (const line of createInterface(server.stdout)) if (line.includes('Ready')) break
  server.stdout.resume()
  const askWith = (path: string, token?: string): Promise<Answer> =>
    ask(`http://127.0.0.1:${port}${path}`, token === undefined ? {} : { authorization: `Bearer ${token}` })
  return {
    ask: askWith,
    status: async (path, token) => (await askWith(path, token)).status,
    async close() {
      server.kill()
      await ended
    },
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  await once(server.close(), 'close')
  return port
}
