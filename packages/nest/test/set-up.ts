import 'reflect-metadata'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { createZitadelAuth, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { onTestFinished } from 'vitest'
import { ZitadelAuthModule, type ZitadelAuthModuleOptions } from '../src/index.js'

const logger = { warn() {}, error() {} }

/** What carries the requests to Nest. */
export type CreateAdapter = () => AbstractHttpAdapter

export const platforms: readonly (readonly [string, CreateAdapter])[] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
]

/** A local ZITADEL with the guide's set-up, and a user with the role `admin`, until the end of the test. */
export async function setUp(options?: Partial<ZitadelAuthOptions>) {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  const user = zitadel.createServiceUser({ userName: 'admin' })
  zitadel.grantRole(user, { project: guide.project, role: 'admin' })
  const adminToken = zitadel.createPersonalAccessToken(user)
  const auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, logger, ...options } as ZitadelAuthOptions)
  return { zitadel, ...guide, adminToken, auth }
}

/** What an application is made of, beside our module. */
export interface Parts extends ModuleMetadata {
  readonly options?: Partial<ZitadelAuthModuleOptions>
}

/** The root module of an application. */
export function createRoot(auth: ZitadelAuth, { options, imports = [], ...metadata }: Parts) {
  class Root {}
  return { module: Root, imports: [ZitadelAuthModule.forRoot({ auth, ...options }), ...imports], ...metadata }
}

/** Makes an application, and starts nothing. */
export async function create(
  auth: ZitadelAuth,
  parts: Parts,
  createAdapter: CreateAdapter = () => new ExpressAdapter(),
): Promise<INestApplication> {
  const app = await NestFactory.create(createRoot(auth, parts), createAdapter(), {
    logger: false,
    abortOnError: false,
  })
  onTestFinished(() => app.close())
  return app
}

/** Listens on a free port of this machine. */
export async function listen(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1')
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`
}

/** Starts an application and gives its address. */
export async function start(auth: ZitadelAuth, parts: Parts, createAdapter?: CreateAdapter): Promise<string> {
  return listen(await create(auth, parts, createAdapter))
}

/** Sends a request, with a token or without. */
export function ask(url: string, token?: string, { method = 'GET', headers = {} as Record<string, string> } = {}) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    request(url, { method, agent: false, headers: { ...authorization, ...headers } })
      .on('error', reject)
      .on('response', (answer) => {
        answer
          .setEncoding('utf8')
          .toArray()
          .then(
            (chunks) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: chunks.join('') }),
            reject,
          )
      })
      .end()
  })
}

/** For servers that tell nobody which port they were given. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
