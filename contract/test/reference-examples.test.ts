import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript-6'
import { describe, expect, it } from 'vitest'
import { compileExamples, createExampleFolder } from '../src/examples.js'
import { root } from '../src/guides.js'

const folder = createExampleFolder('reference')

/** A docstring of the reference, without its stars. */
interface Docstring {
  readonly text: string
  readonly path: string
  readonly line: number
}

/** The entries of every package: what one imports. */
const entries = readdirSync(join(root, 'packages')).flatMap((name) => {
  const { entryPoints } = JSON.parse(readFileSync(join(root, 'packages', name, 'typedoc.json'), 'utf8'))
  return (entryPoints as readonly string[]).map((path) => join(root, 'packages', name, path))
})

const { options, fileNames } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.docs.json'), ts.sys.readFile).config,
  ts.sys,
  root,
)
const program = ts.createProgram(fileNames, options)
const checker = program.getTypeChecker()

/** What an entry exports, where it is declared. */
function readExports(entry: string): readonly ts.Symbol[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile)
  // Nothing, where an entry only adds to the types of another package.
  const exported = module === undefined ? [] : checker.getExportsOfModule(module)
  return exported.map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
}

/** A function, a class, or a constant that can be called. */
function isCalled(symbol: ts.Symbol): boolean {
  const isOne = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0
  const isConstant = (symbol.flags & ts.SymbolFlags.Variable) !== 0
  return isOne || (isConstant && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0)
}

function readDocstring(comment: ts.JSDoc): Docstring {
  const file = comment.getSourceFile()
  return {
    text: comment.getFullText().replaceAll(/^\s*\* ?/gm, ''),
    path: relative(join(root, 'packages'), file.fileName),
    line: file.getLineAndCharacterOfPosition(comment.pos).line + 1,
  }
}

/** The docstrings of a declaration and of its members. */
function readDocstrings(declaration: ts.Node): readonly Docstring[] {
  const own = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc).map(readDocstring)
  const isType = ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)
  return [...own, ...(isType ? declaration.members : []).flatMap(readDocstrings)]
}

const readBlocks = ({ text }: Docstring): readonly string[] =>
  [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)

const hasExample = ({ text }: Docstring): boolean => /^@example\n+```ts\n/m.test(text)

const reference = entries.flatMap((entry) =>
  readExports(entry).map((symbol) => ({
    name: `${symbol.name} of ${relative(join(root, 'packages'), entry)}`,
    needsExample: isCalled(symbol),
    docstrings: (symbol.declarations ?? []).flatMap(readDocstrings),
  })),
)

describe('the reference', () => {
  it('has an example for everything that is called', () => {
    const called = reference.filter(({ needsExample }) => needsExample)
    const lacking = called.filter(({ docstrings }) => !docstrings.some(hasExample)).map(({ name }) => name)
    expect(lacking).toEqual([])
    expect(called.length).toBeGreaterThan(70)
  })

  it('has examples that compile', () => {
    const examples = new Map(
      reference
        .flatMap(({ docstrings }) => docstrings)
        .flatMap((docstring) =>
          readBlocks(docstring).map((code, index): readonly [string, string] => [
            `${docstring.path.replaceAll(/\W/g, '-')}-line-${docstring.line}-${index}.mts`,
            // Each a module of its own, also where it imports nothing.
            `${code}export {}\n`,
          ]),
        ),
    )
    expect(compileExamples(folder, examples)).toBe('')
    expect(examples.size).toBeGreaterThan(70)
  })
})
