import { createZitadelAuth, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { onTestFinished, vi } from 'vitest'
import { soon } from './soon.js'

/** An API's side of a test: its `auth`, whose answers grow older by hand. */
export interface Api {
  readonly auth: ZitadelAuth
  /** What was logged, one line each. */
  readonly logged: readonly string[]
  ageSeconds(seconds: number): void
  /** The user of a token that is accepted with the requirement, or else the code of the refusal. */
  try(token: string, requirement?: { readonly role: string }): Promise<string>
  /** Resolves when that gives what it should, which in a real ZITADEL is a moment after a change. */
  untilGives(expected: string, token: string, requirement?: { readonly role: string }): Promise<void>
}

/** Resolves when ZITADEL takes an API's credentials, which in a real one is a moment after they were made. */
export async function untilAccepted(options: ZitadelAuthOptions): Promise<void> {
  const silent = { warn: () => {}, error: () => {} }
  const auth = createZitadelAuth({ logger: silent, ...options })
  await vi.waitFor(() => auth.ready(), soon)
  auth.close()
}

/** Makes an {@link Api} that is there until the end of the test. */
export function createApi(options: ZitadelAuthOptions): Api {
  let agedMs = 0
  const logged: string[] = []
  const log = (line: string): void => void logged.push(line)
  const auth = createZitadelAuth({
    logger: { warn: log, error: log },
    clock: { elapsed: () => performance.now() + agedMs },
    ...options,
  })
  onTestFinished(() => auth.close())
  const tryToken: Api['try'] = (token, requirement) =>
    auth.authenticate(`Bearer ${token}`, requirement ?? true).then(
      ({ userId }) => userId,
      ({ code }) => String(code),
    )
  return {
    auth,
    logged,
    ageSeconds(seconds) {
      agedMs += seconds * 1_000
    },
    try: tryToken,
    async untilGives(expected, token, requirement) {
      await vi.waitFor(async () => {
        const given = await tryToken(token, requirement)
        if (given !== expected) throw new Error(`the API gives ${given} rather than ${expected}`)
      }, soon)
    },
  }
}
