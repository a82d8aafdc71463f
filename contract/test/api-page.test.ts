import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuthorizationError, type AuthorizationErrorCode } from '@org/zitadel-auth'
import ts from 'typescript-6'
import { describe, expect, it } from 'vitest'
import { readPage, root } from '../src/guides.js'

/** The first table under a heading: the cells of its rows, without the head. */
function readRows(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readPage('docs/api.md').split(new RegExp(`^#+ ${heading}\\n`, 'm'))
  const [, table = ''] = section.split(/^#/m)[0]?.split(/^\| --- .*\n/m) ?? []
  const [rows = ''] = table.trimEnd().split('\n\n')
  const readCells = (row: string) => row.slice(1, -1).split('|')
  return rows.split('\n').map((row) => readCells(row).map((cell) => cell.trim()))
}

/** What a cell names as code, without its arguments. */
const readNames = (cell: string | undefined): readonly string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\(.*/, ''))

/** What the first cells of a table name. */
const readNamed = (heading: string): readonly string[] => readRows(heading).flatMap(([name]) => readNames(name))

const file = join(root, 'packages/core/src/index.ts')
const program = ts.createProgram([file], {
  ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 },
  ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
})
const checker = program.getTypeChecker()

function findType(name: string): ts.Type {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const exported = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name)
  if (exported === undefined) throw new Error(`the package does not export ${name}`)
  return checker.getDeclaredTypeOfSymbol(
    exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
  )
}

/** The names of a type's members; of a union, those of each of its parts. */
function readMembers(name: string): readonly string[] {
  const type = findType(name)
  const parts = type.isUnion() ? type.types : [type]
  return [...new Set(parts.flatMap((part) => checker.getPropertiesOfType(part).map((member) => member.name)))]
}

const codes = (findType('AuthorizationErrorCode') as ts.UnionType).types.map(
  (type) => (type as ts.StringLiteralType).value as AuthorizationErrorCode,
)

/** What tells a client how to do better: the error of the challenge, its scheme where it has none, or when to come back. */
function readChallenge(code: AuthorizationErrorCode): string {
  const { headers } = new AuthorizationError(code, '')
  const { 'WWW-Authenticate': challenge } = headers
  if (challenge !== undefined) return `\`${/error="(\w+)"/.exec(challenge)?.[1] ?? challenge}\``
  return 'Retry-After' in headers ? '`Retry-After`' : 'none'
}

/** What can be imported of the packages. */
function readEntries(): readonly string[] {
  return readdirSync(join(root, 'packages'))
    .map((folder) => join(root, 'packages', folder, 'package.json'))
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const { name, exports } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; exports: object }
      const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
      return entries.map((entry) => entry.replace('.', name))
    })
}

const sorted = (names: readonly string[]): readonly string[] => [...names].sort()

describe('the page on the API names everything there is, and nothing else', () => {
  it('of the options', () => {
    const options = [
      ...readMembers('ZitadelAuthOptions'),
      ...readMembers('CacheOptions').map((member) => `cache.${member}`),
    ]
    expect(sorted(readNamed('Options'))).toEqual(sorted(options))
    expect(options).toContain('revocationCheckSeconds')
  })

  for (const type of ['ZitadelAuth', 'Requirement', 'AuthorizationContext']) {
    it(`of ${type}`, () => expect(sorted(readNamed(type))).toEqual(sorted(readMembers(type))))
  }

  it('of the errors, with the status and the challenge of each', () => {
    const rows = readRows('Errors').map(([code, status, challenge]) => [readNames(code)[0], Number(status), challenge])
    const errors = codes.map((code) => [code, new AuthorizationError(code, '').status, readChallenge(code)])
    expect(sorted(rows.map(String))).toEqual(sorted(errors.map(String)))
  })

  it('of the entry points', () => expect(sorted(readNamed('Entry points'))).toEqual(sorted(readEntries())))
})
