import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript-6'
import { type Block, readBlocks, root } from './guides.js'

/**
 * Makes an empty folder for examples: inside this package, so that what they import is found, and outside node_modules, from
 * where Deno runs no program.
 */
export function createExampleFolder(name: string): string {
  const folder = join(root, 'contract/.local', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What a block is called: by the folder of its page, and the name that its first line gives, or the line that it is at. */
export function toFile(page: string, { code, line }: Block): string {
  const [, name = `line-${line}.mts`] = /^\/\/ (\S+\.\w+)\n/.exec(code) ?? []
  return join(page.replaceAll(/\W/g, '-'), name)
}

function write(folder: string, file: string, code: string): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code)
}

/** Compiles examples, each a module of its own, by the newest TypeScript, and gives what it says. */
export function compileExamples(folder: string, examples: Iterable<readonly [file: string, code: string]>): string {
  const files = ['../../src/guides.globals.d.ts', '../../runtimes/workerd/modules.d.ts']
  for (const [file, code] of examples) {
    write(folder, file, code)
    files.push(file)
  }
  const project = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, allowImportingTsExtensions: true },
    files,
  }
  write(folder, 'tsconfig.json', JSON.stringify(project))
  const compiler = join(root, 'contract/node_modules/typescript-7/bin/tsc')
  return spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout
}

const compilerOptions = {
  ...{ module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  ...{ experimentalDecorators: true, rewriteRelativeImportExtensions: true },
}

/** Writes the programs of a page as Node.js runs them, without their types, with the files that they need. Tells where each is. */
export function writePrograms(folder: string, page: string): (block: Block) => string {
  const toProgram = (block: Block): string => toFile(page, block).replace(/\.mts$/, '.mjs')
  const writers: Readonly<Record<string, (code: string) => string>> = {
    ts: (code) => ts.transpileModule(code, { compilerOptions }).outputText,
    proto: (code) => code,
  }
  for (const block of readBlocks(page)) {
    const toCode = writers[block.language]
    if (toCode !== undefined) write(folder, toProgram(block), toCode(block.code))
  }
  return (block) => join(folder, toProgram(block))
}

/** Writes a block to a file of its own, and imports that anew. */
export async function importExample(folder: string, title: string, code: string): Promise<unknown> {
  const file = `${title.replaceAll(/\W/g, '-')}-${crypto.randomUUID()}.ts`
  write(folder, file, code)
  return import(join(folder, file))
}
