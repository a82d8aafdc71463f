import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const projects = ['node16', 'nodenext', 'bundler', 'augment', 'fetch', 'fetch-dom', 'hono']
/** Up to TypeScript 5.9 this was the resolution of CommonJS unless one asked for another; 7 does not have it any more. */
const formerly = ['node10', 'node10-augment', 'node10-hono']

/** Everything under the oldest and the newest; `npm run check:packages` does it under all. */
const compilers = {
  'typescript-5.4': [...projects, ...formerly],
  'typescript-5.9': ['nodenext', 'bundler', 'node10'],
  'typescript-6': ['nodenext', 'bundler'],
  'typescript-7': projects,
}
const cases = Object.entries(compilers).flatMap(([compiler, given]) => given.map((project) => ({ compiler, project })))

describe('the published types', () => {
  it.each(cases)('hold under $compiler in the project $project', ({ compiler, project }) => {
    const tsc = [`node_modules/${compiler}/bin/tsc`, '-p', `types/tsconfig.${project}.json`]
    const { status, stdout } = spawnSync(process.execPath, tsc, { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })
})
