import { expect } from 'vitest'
import type { AuthorizationErrorCode } from '../src/errors.js'

/** Matches an AuthorizationError by code and message; `more` names further members. */
export function authorizationError(code: AuthorizationErrorCode, message: unknown, more: object = {}): unknown {
  return expect.objectContaining({ name: 'AuthorizationError', code, message, ...more })
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
