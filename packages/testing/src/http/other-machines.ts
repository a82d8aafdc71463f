import type { Instance } from '../instance/instance.js'
import { type Answer, text } from './answer.js'
import type { Call } from './call.js'

/**
 * Refuses a browser's page: one of another origin, and one whose own name was made to lead to this machine. Such a page
 * can send what headers it wants, but neither another `Host` nor no `Origin`.
 */
export function refuseOtherMachines({ issuer }: Instance, { headers }: Call): Answer | undefined {
  const { port } = new URL(issuer)
  const origins = ['127.0.0.1', 'localhost'].map((hostname) => new URL(`http://${hostname}:${port}`).origin)
  const callers = [`http://${headers.host}`, headers.origin ?? issuer]
  if (callers.every((caller) => origins.includes(caller))) return undefined
  return text(403, 'only programs on this machine may change grants')
}
