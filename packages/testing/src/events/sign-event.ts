import { createHmac } from 'node:crypto'

/** The value of `ZITADEL-Signature`: the time, and an HMAC-SHA256 of time and body by the signing key as it is written. */
export function signEvent(body: string, signingKey: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
  return `t=${seconds},v1=${createHmac('sha256', signingKey).update(`${seconds}.${body}`).digest('hex')}`
}
