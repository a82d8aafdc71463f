/** Longer than any name, and short enough for a terminal. */
const maxCharacters = 200
const maxValues = 20

/** Quotes what somebody else has written, so that it reads as nobody else's word. */
export function quote(value: string): string {
  const characters = [...value.slice(0, 2 * maxCharacters)].slice(0, maxCharacters).join('')
  return `${JSON.stringify(characters)}${characters.length < value.length ? '…' : ''}`
}

/** Quotes a list of such values, the first of them where there are many. */
export function quoteAll(values: readonly string[]): string {
  const first = values.slice(0, maxValues).map(quote).join(', ')
  return values.length > maxValues ? `${first} and ${values.length - maxValues} more` : first
}
