import { toJson } from '@org/example-tasks'
import type { Response } from 'express'

/** `response.json()` would name a charset, which the guide's answers do not. */
export function respond(response: Response, status: number, value: unknown): void {
  response.status(status).setHeader('Content-Type', 'application/json').end(toJson(value))
}
