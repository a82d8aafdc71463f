/**
 * Writes JSON as Go does, so that the answers are the same bytes: with `<`, `>` and `&` escaped, which also keeps a
 * browser from reading HTML in it.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
