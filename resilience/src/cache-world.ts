/** What ZITADEL says of a token: in the model, and in the fake that the cache asks. */
export type Verdict = { readonly kind: 'down' } | { readonly kind: 'inactive' } | ({ readonly kind: 'active' } & Facts)

/** What is said of a good token, by ZITADEL or in a JWT. */
export interface Facts {
  /** Tells one answer from another. */
  readonly tag: number
  readonly userId: string
  readonly tokenId: string | undefined
  readonly expiresAtSeconds: number | undefined
  /** What it takes to remember it. */
  readonly bytes: number
}

/** A JWT of ZITADEL. */
export interface Jwt extends Facts {
  readonly token: string
  readonly issuedAtSeconds: number | undefined
}

/** What a call of `forget` can be about. */
export type Target =
  | 'all'
  | { readonly token: string }
  | { readonly userId: string }
  | { readonly tokenId: string }
  | { readonly sessionId: string }

/** How a JWT may be verified: by its signature, unless it was revoked and ZITADEL can be asked; or by that alone. */
export type Mode = 'auto' | 'jwt'

/** What there is besides the cache. */
export class CacheWorld {
  /** What ZITADEL says, by the name of a token. */
  readonly verdicts = new Map<string, Verdict>()
  /** The JWT that goes by a name, where one does. */
  readonly jwts = new Map<string, Jwt>()
  /** What the clock on the wall says, which somebody may set. */
  nowMs: number
  /** The latest that it has said. */
  latestNowMs: number
  /** The time that has passed. */
  elapsedMs = 0

  constructor(nowMs: number) {
    this.nowMs = nowMs
    this.latestNowMs = nowMs
  }

  /** What a client sends. */
  toToken(name: string): string {
    return this.jwts.get(name)?.token ?? name
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.elapsedMs += ms
    this.setClock(ms)
  }

  /** Sets the clock on the wall. */
  setClock(byMs: number): void {
    this.nowMs += byMs
    this.latestNowMs = Math.max(this.latestNowMs, this.nowMs)
  }
}
