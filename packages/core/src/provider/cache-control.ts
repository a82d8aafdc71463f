/**
 * Reads for how long an answer may be used, within the bounds that make sense for it.
 *
 * @param value - the `Cache-Control` header
 * @param bounds - seconds: at least `min`, at most `max`, and `fallback` when the header does not say
 * @see [RFC 9111 section 5.2.2](https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.2)
 */
export function readMaxAgeSeconds(
  value: string | null,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const directives = (value ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (directives.some((directive) => directive === 'no-store' || directive === 'no-cache')) return min
  const seconds = directives.flatMap((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1] ?? [])[0]
  return seconds === undefined ? fallback : Math.min(Math.max(Number(seconds), min), max)
}
