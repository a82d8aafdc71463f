import type { Host } from '../host.js'
import { createNestHosts as createNest11Hosts } from '../hosts/nest.js?nest-11'
import { expressHosts } from './express.js'
import { fastifyHost } from './fastify.js'
import { fetchHost } from './fetch.js'
import { honoHost } from './hono.js'
import { koaHosts } from './koa.js'
import { createNestHosts } from './nest.js'

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
