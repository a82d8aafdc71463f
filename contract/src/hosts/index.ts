import type { Host } from '../host.js'
import { expressHosts } from './express.js'
import { fastifyHost } from './fastify.js'
import { fetchHost } from './fetch.js'
import { honoHost } from './hono.js'
import { koaHosts } from './koa.js'
import { createNestHosts } from './nest.js'
import { createNestHosts as createNest11Hosts } from './nest.js?nest-11'

/** Every framework that has an adapter. */
export const hosts: readonly Host[] = [
  ...expressHosts,
  fastifyHost,
  ...koaHosts,
  fetchHost,
  honoHost,
  ...createNest11Hosts('Nest 11'),
  ...createNestHosts('Nest 12'),
]
