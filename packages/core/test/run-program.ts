import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

/** What a program has said, and how long after that it ended by itself. */
export interface Ended {
  readonly said: unknown
  readonly lingeredMs: number
}

/** Runs a program of `test/programs` in an environment of its own. */
export async function runProgram(name: string, args: readonly string[], env: object = {}): Promise<Ended> {
  const folder = mkdtempSync(join(fileURLToPath(new URL('..', import.meta.url)), '.local-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const outfile = join(folder, `${name}.mjs`)
  const program = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))
  await build({ entryPoints: [program], outfile, bundle: true, platform: 'node', format: 'esm' })
  const child = spawn(process.execPath, [outfile, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const [chunk] = await once(child.stdout, 'data')
  const saidAtMs = performance.now()
  await closed
  return { said: JSON.parse(chunk), lingeredMs: performance.now() - saidAtMs }
}
