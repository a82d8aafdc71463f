/** One odd header, or one burst of a stranger, must not keep everybody away for longer: after that one request tries. */
const longestSeconds = 60

/**
 * Reads how long a server asks to be left alone.
 *
 * @param value - the `Retry-After` header: seconds or a date
 * @param nowMs - milliseconds since 1970
 * @returns whole seconds from 1 to 60, or undefined when there is no such header or it does not read
 * @see [RFC 9110 section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3)
 */
export function readRetryAfterSeconds(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((readDate(value) - nowMs) / 1_000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), longestSeconds)
}

/** `Date.parse` also makes a year of `1.5`, and a month of `soon 5`. */
function readDate(value: string): number {
  return /^[A-Z][a-z]+, .* GMT$/.test(value) ? Date.parse(value) : Number.NaN
}
