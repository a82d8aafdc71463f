import type { Creation, Journal } from '../../src/journal.js'
import { type Call, CallError, type CallZitadel } from './call.js'

/** Projects take their roles, applications, keys and grants with them, users their tokens and keys. */
const calls: Readonly<Record<Creation['kind'], (id: string) => Call>> = {
  project: (projectId) => ({
    name: 'DeleteProject',
    path: '/zitadel.project.v2.ProjectService/DeleteProject',
    body: { projectId },
  }),
  user: (id) => ({ name: 'DeleteUser', method: 'DELETE', path: `/v2/users/${id}` }),
}

/**
 * Removes what a journal names, and what is gone already too. Goes on after a failure, so that as little as possible stays.
 *
 * @throws {AggregateError} of what could not be removed
 */
export async function removeCreations(call: CallZitadel, journal: Pick<Journal, 'read'>): Promise<void> {
  const errors: unknown[] = []
  for (const { kind, id } of journal.read()) {
    await call(calls[kind](id)).catch((error: unknown) => {
      if (!isGone(error)) errors.push(error)
    })
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'))
}

function isGone(error: unknown): boolean {
  return error instanceof CallError && error.status === 404
}
