import type { Clock } from '../internal/clock.js'
import { readVerifiedClaims } from './read-claims.js'
import type { Revocations } from './revocations.js'
import type { ConnectedStore } from './shared-store.js'
import type { Asking, VerifiedClaims } from './verifier.js'

/** What {@link createSharedAnswers} takes. */
export interface SharedAnswersOptions {
  readonly store: ConnectedStore
  readonly ttlSeconds: number
  /** The API's project, when it is known. */
  readonly projectId?: string | undefined
  readonly requireAcceptable: (claims: VerifiedClaims, nowMs: number) => void
  readonly revocations: Revocations
  readonly clock: Clock
}

/** The answers of ZITADEL to other processes. None of them is a reason to refuse anything. */
export interface SharedAnswers {
  /** Gives the answer that another process got, if it is younger than this part of its time; undefined says nothing. */
  find(asking: Asking, part: number): Promise<VerifiedClaims | undefined>
  /** Keeps an answer to a question of this process, for others. */
  keep(key: string, claims: VerifiedClaims, askedAtMs: number): void
}

/** Makes {@link SharedAnswers}: what comes out of a store is read, and judged, like an answer of ZITADEL. */
export function createSharedAnswers(options: SharedAnswersOptions): SharedAnswers {
  const { store, ttlSeconds, projectId, requireAcceptable, revocations, clock } = options
  return {
    async find(asking, part) {
      const { key, reuseSeconds = ttlSeconds } = asking
      const found = await store.find(key, reuseSeconds * 1_000 * part)
      if (found === undefined) return undefined
      try {
        const claims = readVerifiedClaims(found.claims, { verifiedBy: 'introspection', projectId })
        requireAcceptable(claims, clock.now())
        if (revocations.cover({ ...claims, issuedAtSeconds: found.askedAtMs / 1_000 }, key)) return undefined
        // A clock that is ahead makes no answer younger than now.
        asking.sharedAtMs = clock.elapsed() - Math.max(0, clock.now() - found.askedAtMs)
        return claims
      } catch {
        // Only ZITADEL's own answer refuses.
        return undefined
      }
    },
    keep(key, claims, askedAtMs) {
      const { verifiedBy, expiresAtSeconds = 0, reuseSeconds = ttlSeconds } = claims
      if (verifiedBy === 'jwt') return
      const untilMs = Math.min(askedAtMs + reuseSeconds * 1_000, expiresAtSeconds * 1_000)
      store.keep(key, { askedAtMs, claims: claims.claims }, untilMs - clock.now())
    },
  }
}
