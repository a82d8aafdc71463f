import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

interface Results {
  readonly figures: Readonly<Record<string, { readonly value: number; readonly spread: number; readonly unit: string }>>
  readonly targets: readonly { readonly value: number | null }[]
}

/** Runs the smallest benchmark there is. What it measures is not looked at: this machine may be busy. */
async function runTiny(): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const file = join(folder, 'out.json')
    await run(process.execPath, [join(import.meta.dirname, '../bench.mjs'), '--tiny', '--json', file])
    return JSON.parse(await readFile(file, 'utf8')) as Results
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('gives every figure under its stable name, and every target a value', async () => {
  const names = await readFile(join(import.meta.dirname, 'figure-names.txt'), 'utf8')
  const { figures, targets } = await runTiny()
  expect(Object.keys(figures).sort()).toEqual(names.trim().split('\n').sort())
  for (const { value, spread, unit } of Object.values(figures)) {
    expect({ value, spread, unit }).toEqual({
      value: expect.any(Number),
      spread: expect.any(Number),
      unit: expect.stringMatching(/./),
    })
  }
  expect(targets.filter(({ value }) => value === null)).toEqual([])
}, 300_000)
