import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/guides.js'

const packages = readdirSync(join(root, 'packages'))

/** What every file of a package imports of the same package, types included. */
function readImports(name: string): ReadonlyMap<string, readonly string[]> {
  const folder = join(root, 'packages', name, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  )
  return new Map(
    files.map((file) => {
      const source = readFileSync(join(folder, file), 'utf8')
      const paths = [...source.matchAll(/from '(\.\.?\/[^']+)\.js'/g)].map(([, path = '']) => path)
      return [file, paths.map((path) => `${join(dirname(file), path)}.ts`)]
    }),
  )
}

/** Every way from a file through its imports back to it. */
function findCycles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const follow = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' -> ')]
    if (done.has(file)) return []
    const found = (imports.get(file) ?? []).flatMap((next) => follow(next, [...path, file]))
    done.add(file)
    return found
  }
  return [...imports.keys()].flatMap((file) => follow(file, []))
}

describe('the imports', () => {
  it.each(packages)('of packages/%s run one way', (name) => {
    expect(readImports(name).size).toBeGreaterThan(2)
    expect(findCycles(readImports(name))).toEqual([])
  })

  it('would be found if they ran in a circle', () =>
    expect(
      findCycles(
        new Map([
          ['a.ts', ['b.ts']],
          ['b.ts', ['c.ts']],
          ['c.ts', ['b.ts']],
        ]),
      ),
    ).toEqual(['b.ts -> c.ts -> b.ts']))
})
