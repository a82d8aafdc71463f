import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { createCertificate } from '../../../grpc/test/certificate.js'
import { runDoctor } from '../../src/doctor/run-doctor.js'
import type { Step } from '../../src/doctor/step.js'
import { type Clock, systemClock } from '../../src/internal/clock.js'

/** What the doctor said. */
export interface Report {
  readonly exitCode: number
  readonly text: string
  readonly complaints: string
}

/** A ZITADEL with the guide's set-up, and everything that can be put in its place. */
export interface World extends GuideSetUp {
  readonly zitadel: LocalZitadel
  readonly keyFile: string
  /** The options of a set-up at which nothing is wrong; those given come last, and so count. */
  args(options?: Readonly<Record<string, string | undefined>>): readonly string[]
  /** Runs the doctor, with the token on its standard input. */
  run(
    args: readonly string[],
    input?: string,
    more?: { readonly clock?: Clock; readonly hasColors?: boolean },
  ): Promise<Report>
  /** Writes a file; gives its path. */
  write(name: string, text: string): Promise<string>
  /** Serves something else than a ZITADEL; gives its port. */
  serve(listener: RequestListener): Promise<number>
  /** Says something else than HTTP to everybody; gives its port. */
  serveBytes(bytes: string): Promise<number>
  /** Serves by TLS, with a certificate for `localhost` that nobody trusts. */
  serveTls(): Promise<number>
  /** A port at which nobody listens. */
  findFreePort(): Promise<number>
  close(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const zitadel = await startLocalZitadel()
  const guide = setUpGuide(zitadel)
  const keyFile = await zitadel.writeKeyFile(guide.key)
  const folder = await mkdtemp(join(tmpdir(), 'doctor-test-'))
  const servers: Server[] = []
  const healthy = { domain: zitadel.issuer, key: keyFile, 'project-id': guide.project.id }

  async function listen(server: Server): Promise<number> {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  return {
    ...guide,
    zitadel,
    keyFile,
    args: (options = {}) => [
      'doctor',
      ...Object.entries({ ...healthy, ...options }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`, value],
      ),
    ],
    async run(args, input = '', { clock = systemClock, hasColors = false } = {}) {
      const printed: string[] = []
      const complaints: string[] = []
      const terminal = {
        print: (text: string) => void printed.push(text),
        complain: (text: string) => void complaints.push(text),
        readInput: async () => input,
        hasColors,
      }
      const exitCode = await runDoctor(args, terminal, clock)
      return { exitCode, text: printed.join(''), complaints: complaints.join('') }
    },
    async write(name, text) {
      const path = join(folder, name)
      await writeFile(path, text)
      return path
    },
    serve: (listener) => listen(createServer(listener)),
    serveTls() {
      const { certificate, privateKey } = createCertificate()
      return listen(createTlsServer({ cert: certificate, key: privateKey }) as unknown as Server)
    },
    serveBytes: (bytes) => {
      const server = createTcpServer((socket) => socket.on('error', () => {}).end(bytes))
      return listen(Object.assign(server, { closeAllConnections() {} }) as unknown as Server)
    },
    async findFreePort() {
      const server = createTcpServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      await new Promise((resolve) => server.close(resolve))
      return port
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
      await zitadel.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The steps of a report in JSON. */
export function readSteps({ text }: Report): readonly Step[] {
  return (JSON.parse(text) as { readonly steps: readonly Step[] }).steps
}

/** What a step says, as one text. */
export function wordsOf({ detail, advice }: Step): string {
  return [detail, ...advice.flatMap(({ text, paste = [] }) => [text, ...paste])].join('\n')
}
