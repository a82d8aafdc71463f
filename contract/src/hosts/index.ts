import type { Host } from '../host.js'
import { expressHosts } from './express.js'

/** Every framework that has an adapter. */
export const hosts: readonly Host[] = [...expressHosts]
