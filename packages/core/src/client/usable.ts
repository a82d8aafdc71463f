/** A token is not used in its last seconds: it has to arrive, and clocks differ. Of a short life, not in its last tenth. */
const longestMarginMs = 10_000
const marginPart = 0.1

/**
 * Gives for how long a token is used, in milliseconds.
 *
 * @param lifetimeSeconds - `expires_in`, by which ZITADEL says for how long it is good
 */
export function toUsableMs(lifetimeSeconds: number): number {
  const lifetimeMs = lifetimeSeconds * 1_000
  return lifetimeMs - Math.min(longestMarginMs, lifetimeMs * marginPart)
}
