import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

it('shows roles.test.ts as it is run', async () => {
  expect(await read('../../README.md')).toContain(await read('roles.test.ts'))
})
