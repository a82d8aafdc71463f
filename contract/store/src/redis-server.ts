import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'

/** A Redis of its own, on loopback and without a disk. */
export interface RedisServer {
  readonly port: number
  /** Starts it, which it is not at first. */
  start(): Promise<void>
  /** Ends it, with everything that is in it. */
  stop(): Promise<void>
  /** Lets it take connections and commands, and answer none. */
  pause(): void
  /** Lets it answer. */
  resume(): void
  /** Sends a command, on a connection of its own. */
  send(...args: string[]): Promise<unknown>
  /** Everything that it holds, keys and values, as one text. */
  dump(): Promise<string>
  /** Gives what it was sent until then by everybody, when called. */
  monitor(): Promise<() => Promise<string>>
  [Symbol.asyncDispose](): Promise<void>
}

/** Prepares a {@link RedisServer}; `flags` are those of its configuration, without `--` before the first. */
export async function createRedisServer(flags: readonly string[] = []): Promise<RedisServer> {
  const port = await findPort()
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  let child: ChildProcess | undefined

  async function connect() {
    const client = createClient({ socket: { port, host: '127.0.0.1', reconnectStrategy: false } })
    client.on('error', () => {})
    return client.connect()
  }

  async function withClient<Result>(work: (client: Awaited<ReturnType<typeof connect>>) => Promise<Result>) {
    const client = await connect()
    try {
      return await work(client)
    } finally {
      client.destroy()
    }
  }

  const send = (...args: string[]): Promise<unknown> => withClient((client) => client.sendCommand(args))

  async function stop(): Promise<void> {
    if (child === undefined) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    child = undefined
    await ended
  }

  return {
    port,
    async start() {
      const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
      child = spawn('redis-server', [...own, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
      await untilPrinted(child, 'Ready to accept connections')
    },
    stop,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    send,
    dump: () =>
      withClient(async (client) => {
        const keys = (await client.sendCommand(['KEYS', '*'])) as unknown as string[]
        const values = await Promise.all(
          keys.map(async (key) => {
            const type = await client.type(key)
            return type === 'list' ? client.lRange(key, 0, -1) : client.get(key)
          }),
        )
        return JSON.stringify([keys, values])
      }),
    async monitor() {
      const client = await connect()
      const lines: string[] = []
      await client.monitor((line) => lines.push(String(line)))
      return async () => {
        // What was sent before this has arrived when this has.
        const end = `end-of-${port}`
        await send('ECHO', end)
        while (!lines.some((line) => line.includes(end))) await new Promise((resolve) => setImmediate(resolve))
        client.destroy()
        return lines.join('\n')
      }
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}

function untilPrinted(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`redis-server did not start:\n${printed}`)))
    child.stdout?.on('data', (data) => {
      printed += data
      if (printed.includes(words)) resolve()
    })
  })
}
