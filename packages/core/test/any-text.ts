import fc from 'fast-check'

/** Any code point, half a surrogate pair too, and half of the time one that is likely to mean something. */
const anyCharacter = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0, max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code)),
)

/** Any text at all. Not fast-check's own `unit: 'binary'`, which takes most of a second to prepare in each process. */
export function anyText({ minLength = 0 }: { readonly minLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter, minLength })
}
