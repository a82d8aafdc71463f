import { validateHeaderName, validateHeaderValue } from 'node:http'
import { types } from 'node:util'
import { createRule, isPlainObject, listWords } from './rule.js'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every(isItem)
const isWhole = (value: unknown, lowest: number, highest: number) =>
  Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest

export const text = createRule('a text that is not empty', isText)
export const boolean = createRule('true or false', (value) => typeof value === 'boolean')
export const hostname = createRule('the name of a host', (value) => typeof value === 'string')
export const texts = createRule('a list of texts', (value) => isListOf(value, isText))
export const scopes = createRule('a list of scopes, each without spaces', (value) =>
  isListOf(value, (scope) => isText(scope) && !/\s/.test(scope)),
)
export const date = createRule('a valid Date', (value) => types.isDate(value) && !Number.isNaN(value.getTime()))
export const object = createRule('a plain object', isPlainObject)
export const textsByName = createRule(
  'an object of texts',
  (value) => isPlainObject(value) && Object.values(value).every((member) => typeof member === 'string'),
)
export const aFunction = createRule('a function', (value) => typeof value === 'function')
export const httpUrl = createRule('an http or https URL', isHttpUrl)
export const content = createRule(
  'a text or bytes',
  (value) => typeof value === 'string' || value instanceof Uint8Array,
)
export const headers = createRule(
  'an object of header names and values that HTTP allows',
  (value) => isPlainObject(value) && Object.entries(value).every(([name, text]) => isHeader(name, text)),
)
export const wholeSeconds = createRule('a whole number', Number.isSafeInteger)

/** Takes one of these words. */
export function oneOf<Word extends string>(...words: readonly Word[]) {
  return createRule(listWords(words, 'or'), (value) => words.some((word) => word === value))
}

/** Takes a whole number in a range. */
export function whole(lowest: number, highest: number) {
  return createRule(`a whole number from ${lowest} to ${highest}`, (value) => isWhole(value, lowest, highest))
}

function isHttpUrl(value: unknown): boolean {
  return isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

function isHeader(name: string, value: unknown): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value as string)
    return typeof value === 'string'
  } catch {
    return false
  }
}
