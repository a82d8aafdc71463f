import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

let program: string
let built: string
let folder: string
let child: ChildProcess
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'cli-exit-'))
  program = join(built, 'cli.mjs')
  const entryPoints = [fileURLToPath(new URL('../src/cli.ts', import.meta.url))]
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm' })
})
afterAll(() => rmSync(built, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-exit-'))
})
afterEach(() => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Starts the program with an empty folder for temporary files. */
function start(...options: string[]) {
  child = spawn(process.execPath, [...options, program, '--port', '0'], { env: { ...process.env, TMPDIR: folder } })
  return child as ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }
}

/** A module that makes a signal do something else than end the program. */
const onSignal = (code: string) => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${code} })`)}`,
]

describe('zitadel-local leaves no key file behind', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`and ends well when it gets a ${signal}`, async () => {
      const running = start()
      await once(running.stdout, 'data')
      const before = readdirSync(folder)
      running.kill(signal)

      expect(await once(running, 'exit')).toEqual([0, null])
      expect(before).toHaveLength(1)
      expect(readdirSync(folder)).toEqual([])
    })
  }

  it('when it gets a second signal before it has ended', async () => {
    const running = start(...onSignal("process.emit('SIGINT'); process.emit('SIGINT')"))
    await once(running.stdout, 'data')
    running.kill('SIGUSR2')

    expect(await once(running, 'exit')).toEqual([130, null])
    expect(readdirSync(folder)).toEqual([])
  })

  for (const [name, code, exitCode] of [
    ['an error that nobody catches', "throw new Error('oops')", 1],
    ['a promise that nobody catches', "Promise.reject(new Error('oops'))", 1],
    ['an exit', 'process.exit(3)', 3],
  ] as const) {
    it(`at ${name}`, async () => {
      const running = start(...onSignal(code))
      await once(running.stdout, 'data')
      running.kill('SIGUSR2')

      expect(await once(running, 'exit')).toEqual([exitCode, null])
      expect(readdirSync(folder)).toEqual([])
    })
  }

  for (const option of ['--port', '--help'] as const) {
    it(`and says nothing when nobody reads what ${option} prints`, async () => {
      child = spawn(process.execPath, [program, option, ...['0'].filter(() => option === '--port')], {
        env: { ...process.env, TMPDIR: folder },
      })
      child.stdout?.destroy()
      const complaints = text(child.stderr as NodeJS.ReadableStream)

      expect(await once(child, 'exit')).toEqual([0, null])
      expect(await complaints).toBe('')
      expect(readdirSync(folder)).toEqual([])
    })
  }
})
