import type { Advice, Step } from './step.js'
import { toPrintable, wrap } from './wrap.js'

const width = 80
const nameWidth = 20
const indent = '  '

/** Each has a sign of its own: colours say nothing more. */
const signs = {
  ok: { sign: '✓', color: 32 },
  warning: { sign: '!', color: 33 },
  failed: { sign: '✗', color: 31 },
  skipped: { sign: '-', color: 2 },
} as const

/** Writes the steps as lines of 80 columns: a line for each, and what to do below it. */
export function printSteps(steps: readonly Step[], { hasColors }: { readonly hasColors: boolean }): string {
  return steps.flatMap((step) => toLines(step, hasColors)).join('\n')
}

function toLines({ name, status, detail, advice, isInferred }: Step, hasColors: boolean): readonly string[] {
  const { sign, color } = signs[status]
  const column = ' '.repeat(indent.length + nameWidth + indent.length)
  const [first = '', ...rest] = wrap(toPrintable(detail), width - column.length)
  const shown = hasColors ? `\u001b[${color}m${sign}\u001b[0m` : sign
  const head = `${shown} ${name.padEnd(nameWidth)}${indent}${first}`.trimEnd()
  const words = advice.flatMap((item, index) => toAdviceLines(item, isInferred && index === 0 ? 'Inferred: ' : ''))
  return [head, ...rest.map((line) => `${column}${line}`), ...words]
}

function toAdviceLines({ text, paste = [] }: Advice, prefix: string): readonly string[] {
  const words = wrap(toPrintable(`${prefix}${text}`), width - indent.length)
  return [...words.map((line) => `${indent}${line}`), ...paste.map((line) => `${indent}${indent}${toPrintable(line)}`)]
}
