import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

for (const example of ['roles.test.ts', 'concurrency.test.ts']) {
  it(`shows ${example} as it is run`, async () => {
    expect(await read('../../README.md')).toContain(await read(example))
  })
}
