import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../src/guides.js'

/** Builds what is in the folders it is given, as `npm start` and `npm test` do. */
const program = `
import { findNeeded, readPackages } from './scripts/packages.mjs'
import { build } from './scripts/workspace.mjs'
const [kind, ...folders] = process.argv.slice(2)
await build(folders.length === 0 ? readPackages() : findNeeded(...folders), kind)
`

/** A build that writes down when it begins and ends, and waits until the builds it is told of have begun. */
const buildProgram = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const [name, ...others] = process.argv.slice(2)
const log = new URL('log', import.meta.url)
appendFileSync(log, 'begin ' + name + ' ' + (process.env.BUILD_ONLY || 'complete') + '\\n')
const wait = setInterval(() => {
  if (!others.every((each) => readFileSync(log, 'utf8').includes('begin ' + each + ' '))) return
  clearInterval(wait)
  mkdirSync('dist/types', { recursive: true })
  writeFileSync('dist/types/index.d.ts', '')
  appendFileSync(log, 'end ' + name + '\\n')
}, 10)
`

/** A build that serves until it is ended. */
const endlessProgram = `
import { createServer } from 'node:http'
const server = createServer((request, response) => response.end())
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port))
`

const packages = {
  'packages/core': { name: 'core', scripts: { build: 'node ../../build.mjs core testing' } },
  'packages/testing': { name: 'testing', scripts: { build: 'node ../../build.mjs testing core' } },
  'packages/express': {
    name: 'express',
    scripts: { build: 'node ../../build.mjs express' },
    peerDependencies: { core: 'workspace:^' },
    devDependencies: { testing: 'workspace:^' },
  },
  'packages/koa': {
    name: 'koa',
    scripts: { build: 'node ../../build.mjs koa' },
    peerDependencies: { core: 'workspace:^' },
  },
  'examples/tasks-express': {
    name: 'tasks',
    scripts: { build: 'node ../../build.mjs tasks' },
    dependencies: { express: 'workspace:^' },
  },
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-build-'))
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  write('package.json', '{}')
  for (const name of ['pnpm-lock.yaml', 'tsconfig.base.json', 'tsup.base.ts']) write(name, '')
  for (const [path, manifest] of Object.entries(packages)) write(`${path}/package.json`, JSON.stringify(manifest))
  for (const path of Object.keys(packages)) write(`${path}/src/index.ts`, '')
  write('build.mjs', buildProgram)
  write('program.mjs', program)
  write('log', '')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

const readLog = (): readonly string[] => readFileSync(join(folder, 'log'), 'utf8').split('\n').filter(Boolean)

function start(...args: readonly string[]) {
  return spawn(process.execPath, ['program.mjs', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** What a run prints, and what it built: `tasks esm`. */
async function run(...args: readonly string[]) {
  const before = readLog().length
  const child = start(...args)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  const built = readLog()
    .slice(before)
    .flatMap((line) => /^begin (.+)$/.exec(line)?.[1] ?? [])
  return { code, out, err, built: [...built].sort() }
}

const forExpress = ['examples/tasks-express', 'packages/testing']

describe('the build', () => {
  it('builds what an example needs, that first which others need, and side by side what waits for nothing', async () => {
    // The builds of core and testing wait for each other to begin.
    const { code, built } = await run('esm', ...forExpress)

    expect({ code, built }).toEqual({ code: 0, built: ['core esm', 'express esm', 'tasks esm', 'testing esm'] })
    const log = readLog()
    expect(log.indexOf('begin express esm')).toBeGreaterThan(log.indexOf('end core'))
    expect(log.indexOf('begin tasks esm')).toBeGreaterThan(log.indexOf('end express'))
  })

  it('says what it builds and how long that took, and nothing when there is nothing to do', async () => {
    const first = await run('esm', ...forExpress)
    const second = await run('esm', ...forExpress)

    for (const name of ['core', 'express', 'tasks', 'testing'])
      expect(first.out).toMatch(new RegExp(`^Building ${name} … \\d+\\.\\d s$`, 'm'))
    expect(second).toEqual({ code: 0, out: '', err: '', built: [] })
  })

  it('builds again what has changed, and what needs that', async () => {
    await run('complete')
    write('packages/core/src/index.ts', 'export {}')
    expect(await run('complete')).toMatchObject({ built: ['core', 'express', 'koa', 'tasks'].map(complete) })

    write('packages/express/src/index.test.ts', 'export {}')
    write('packages/express/README.md', 'more')
    expect(await run('complete')).toMatchObject({ built: [] })

    rmSync(join(folder, 'packages/koa/dist'), { recursive: true })
    expect(await run('complete')).toMatchObject({ built: ['koa complete'] })

    rmSync(join(folder, 'packages/express/dist/types/index.d.ts'))
    expect(await run('complete')).toMatchObject({ built: ['express complete'] })
  })

  it('does not take what an example needs for complete, and takes what is complete for what an example needs', async () => {
    await run('esm', ...forExpress)
    expect(await run('complete')).toMatchObject({
      built: ['core', 'express', 'koa', 'tasks', 'testing'].map(complete),
    })
    expect(await run('esm', ...forExpress)).toMatchObject({ built: [] })
  })

  it('shows what a build that fails has printed, builds nothing after it, and tries again', async () => {
    const failing = 'node -e "console.log(\'line 1 of core\'); process.exit(2)"'
    const manifest = { ...packages['packages/core'], scripts: { build: failing } }
    write('packages/core/package.json', JSON.stringify(manifest))

    const { code, err } = await run('complete', 'examples/tasks-express')
    expect({ code, built: readLog() }).toEqual({ code: 1, built: [] })
    expect(err).toMatch(
      /^line 1 of core\n\nBuilding core failed: the output of `node .+` in .*packages\/core is above\.\n$/,
    )

    expect(await run('complete', 'examples/tasks-express')).toMatchObject({ code: 1 })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with all it has started on %s, and is not taken for done',
    async (signal) => {
      write('packages/core/endless.mjs', endlessProgram)
      const build = 'mkdir -p dist && if [ -z "$BUILD_ONLY" ]; then node endless.mjs | tee dist/url; fi'
      write('packages/core/package.json', JSON.stringify({ ...packages['packages/core'], scripts: { build } }))
      await run('esm', 'packages/core')
      const child = start('complete', 'packages/core')
      const ask = () => fetch(readFileSync(join(folder, 'packages/core/dist/url'), 'utf8').trim())
      await expect.poll(() => ask().then(({ status }) => status)).toBe(200)

      child.kill(signal)

      expect(await once(child, 'exit')).toEqual([null, signal])
      await expect.poll(() => ask().catch(() => 'gone')).toBe('gone')
      const { code, out } = await run('esm', 'packages/core')
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Building core … \d/) })
    },
  )
})

const complete = (name: string): string => `${name} complete`
