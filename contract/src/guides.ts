import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A fenced block of a page. */
export interface Block {
  readonly language: string
  readonly code: string
  /** The line it starts at. */
  readonly line: number
}

/** Every page that a reader may come to, by its path from the root. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md')),
].filter((page) => existsSync(join(root, page)))

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** The blocks of a page, in their order. */
export function readBlocks(page: string): readonly Block[] {
  const text = readPage(page)
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: code = '', index }) => ({
    language,
    code,
    line: text.slice(0, index).split('\n').length,
  }))
}

/** The blocks of a page by the section that they are in: what has a heading of the second level. */
export function readSections(page: string): ReadonlyMap<string, readonly Block[]> {
  const blocks = readBlocks(page)
  const [, ...sections] = readPage(page).split(/^## /m)
  return new Map(
    sections.map((section) => {
      const [title = ''] = section.split('\n', 1)
      return [title, blocks.filter(({ code }) => section.includes(code))] as const
    }),
  )
}

/** What a diff comes to. */
export function applyDiff(code: string): string {
  const lines = code.split('\n').filter((line) => !line.startsWith('-'))
  return lines.map((line) => line.slice(1)).join('\n')
}

const repository = /^https:\/\/github\.com\/org\/zitadel-auth\/(?:blob|tree)\/main\//

/** The links of a page that lead into this repository: path from the root, and anchor. */
export function readLinks(page: string): readonly { readonly path: string; readonly anchor: string }[] {
  const prose = readPage(page).replace(/^```.*?^```$/gms, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets
    .filter((target) => repository.test(target) || !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#')
      if (repository.test(path)) return { path: path.replace(repository, ''), anchor }
      return { path: path === '' ? page : join(dirname(page), path), anchor }
    })
}

/** The anchors of a page's headings, as GitHub makes them. */
export function readAnchors(page: string): readonly string[] {
  const headings = readPage(page)
    .replace(/^```.*?^```$/gms, '')
    .matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** What the page on troubleshooting quotes, row by row: the parts of a reason, or of a line of the log, between its dots. */
export function readQuotedReasons(): readonly (readonly string[])[] {
  const tables = readPage('docs/troubleshooting.md').matchAll(/^\| the (?:reason|log|doctor) says .*?\n\n/gms)
  const rows = [...tables].flatMap(([table]) => table.trim().split('\n').slice(2))
  return rows.map((row) => {
    const [, quoted = ''] = row.split('|')
    return quoted
      .replaceAll('`', '')
      .split('…')
      .map((phrase) => phrase.trim())
      .filter((phrase) => phrase !== '')
  })
}
