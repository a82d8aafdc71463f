import type { Advice } from '../step.js'

const mistakes: readonly (readonly [RegExp, string])[] = [
  [/\0/, 'The text is in UTF-16, as PowerShell writes it: write it as UTF-8.'],
  [/^[{[]/, 'That is JSON: give the value of its member access_token alone.'],
  [/^["'`]/, 'It stands in quotes: give it without them.'],
  [/^Bearer\s/i, 'Give it alone, without Bearer before it.'],
  [/\s/, 'It has a space or a line break within: give it on one line.'],
]

/** Says what stands in the place of a token. */
export function adviseOnText(text: string): readonly Advice[] {
  const [, advice] = mistakes.find(([pattern]) => pattern.test(text)) ?? []
  return advice === undefined ? [] : [{ text: advice }]
}
