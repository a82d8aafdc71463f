import { expect } from 'vitest'
import type { AuthorizationErrorCode } from '../src/errors/code.js'

/** Matches an AuthorizationError by code and reason; `more` names further members. */
export function authorizationError(code: AuthorizationErrorCode, reason: unknown, more: object = {}): unknown {
  return expect.objectContaining({ name: 'AuthorizationError', code, reason, ...more })
}

/** Matches a TypeError by its message. */
export function typeError(message: unknown): unknown {
  return expect.objectContaining({ name: 'TypeError', message })
}

/** Gives what a call returns or throws, for tests of many inputs at once. */
export function outcomeOf(call: () => unknown): Promise<unknown> {
  return Promise.resolve()
    .then(call)
    .catch((error: unknown) => error)
}
