// A registered symbol, for the copies of this package.
const key = Symbol.for('@org/zitadel-auth-nest/admission')

/** The checks of a connection. */
interface Admission {
  /** Those that run still. They resolve whatever they find. */
  readonly pending: Set<Promise<unknown>>
  /** What the first found that refused. */
  refused?: { readonly error: unknown }
}

type Carrier = { [key]?: Admission }

/**
 * Runs the check of a connection, which messages of its client would overtake otherwise.
 *
 * @throws whatever the check throws
 */
export function admitConnection<Result>(client: object, check: () => Promise<Result>): Promise<Result> {
  const admission: Admission = (client as Carrier)[key] ?? { pending: new Set() }
  Object.defineProperty(client, key, { value: admission, configurable: true })
  const result = check()
  const ended: Promise<unknown> = result
    .catch((error: unknown) => {
      admission.refused ??= { error }
    })
    .then(() => admission.pending.delete(ended))
  admission.pending.add(ended)
  return result
}

/**
 * Waits until the checks of a connection have ended.
 *
 * @returns undefined when there is nothing to wait for; else what rejects with the error of a check that refused
 */
export function awaitAdmission(client: unknown): Promise<void> | undefined {
  const admission = (client as Carrier | null | undefined)?.[key]
  if (admission === undefined || (admission.pending.size === 0 && admission.refused === undefined)) return undefined
  return settle(admission)
}

async function settle(admission: Admission): Promise<void> {
  await Promise.all(admission.pending)
  if (admission.refused !== undefined) throw admission.refused.error
}
