import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ForgetTarget, ZitadelAuthOptions } from '@org/zitadel-auth'

/** A process of an API. */
export interface ApiProcess {
  /** Brings a token, and gives the id of its user, or the code of the refusal. */
  ask(token: string): Promise<string>
  forget(target: ForgetTarget): Promise<unknown>
  /** Moves its time on. */
  advance(seconds: number): Promise<unknown>
  stop(): Promise<void>
}

/** Starts an {@link ApiProcess} on the built packages. */
export async function startProcess(port: number, auth: Partial<ZitadelAuthOptions>): Promise<ApiProcess> {
  const child = fork(fileURLToPath(new URL('process.mjs', import.meta.url)), [JSON.stringify({ port, auth })])
  const waiting = new Map<number, (answer: unknown) => void>()
  child.on('message', ({ id, answer }: { readonly id: number; readonly answer: unknown }) => waiting.get(id)?.(answer))
  let last = -1
  const wait = (): Promise<unknown> => {
    last += 1
    return new Promise((resolve) => waiting.set(last, resolve))
  }
  const tell = (what: string, parameters: object): Promise<unknown> => {
    const answer = wait()
    child.send({ id: last, what, ...parameters })
    return answer
  }
  await wait()
  return {
    ask: (token) => tell('ask', { token }) as Promise<string>,
    forget: (target) => tell('forget', { target }),
    advance: (seconds) => tell('advance', { seconds }),
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
