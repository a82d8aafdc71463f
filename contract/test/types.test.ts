import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const compilers = ['typescript-5.4', 'typescript-5.9', 'typescript-6', 'typescript-7']
const resolutions = ['node16', 'nodenext', 'bundler']

describe.each(compilers)('the published types under %s', (compiler) => {
  it.each(resolutions)('hold with the module resolution %s, for ESM and CommonJS', (resolution) => {
    const tsc = [`node_modules/${compiler}/bin/tsc`, '-p', `types/tsconfig.${resolution}.json`]
    const { status, stdout } = spawnSync(process.execPath, tsc, { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })
})
