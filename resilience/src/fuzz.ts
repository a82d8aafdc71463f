import fc from 'fast-check'

/** How many cases a run generates in all; a nightly one sets `FUZZ_CASES` to a million and more. */
export const fuzzCases = Number(process.env['FUZZ_CASES'] ?? 50_000)

/** How many there have been. */
export const fuzzed = { properties: 0, cases: 0 }

/** Checks a property with its share of all cases. A failure tells its seed and the smallest case it found. */
export async function fuzz<Values>(share: number, property: fc.IRawProperty<Values>): Promise<void> {
  const numRuns = Math.ceil(fuzzCases * share)
  fuzzed.properties += 1
  await fc.assert(property, { numRuns })
  fuzzed.cases += numRuns
}

/** Every unit that UTF-16 has, halves of surrogate pairs among them. */
export const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))

/** Any text there can be, and more often one that looks like something. */
export const anyText = fc.oneof(
  fc.string({ unit: anyUnit, maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'admin',
    '"',
    '\\',
    '\r\n',
    '\u2028',
  ),
)

/** Any JSON value, with names that matter to this library in it. */
export function anyJson(names: readonly string[]): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, -1, 1, Number.POSITIVE_INFINITY, -0, '', {}, []),
      fc.double(),
      anyText,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...names), anyText), tie('value'), { maxKeys: 5, noNullPrototype: false }),
    ),
  }))
  return value
}
