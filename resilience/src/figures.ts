import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../node_modules/.workspace/figures/', import.meta.url)

/** Leaves the figures of a run where the script that started it finds and prints them, in one line. */
export function leaveFigures(run: string, figures: Readonly<Record<string, number>>): void {
  mkdirSync(fileURLToPath(folder), { recursive: true })
  const line = Object.entries(figures).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  writeFileSync(new URL(`${run}.txt`, folder), line.join(', '))
}
