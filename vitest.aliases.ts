import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Workspace packages resolve to their sources, so that tests need no build and failures point at code. */
export const aliases = [
  { find: /^@org\/zitadel-auth$/, replacement: source('packages/core/src/index.ts') },
  { find: /^@org\/zitadel-auth\/([a-z]+)$/, replacement: source('packages/core/src/$1.ts') },
  { find: /^@org\/zitadel-auth-([a-z]+)\/([a-z]+)$/, replacement: source('packages/$1/src/$2.ts') },
  { find: /^@org\/zitadel-auth-([a-z]+)$/, replacement: source('packages/$1/src/index.ts') },
  { find: /^@org\/example-tasks$/, replacement: source('examples/tasks/src/index.ts') },
]

/** Puts Nest 11 into the place of the newest, for the same tests. */
export const nest11 = { find: /^@nestjs\//, replacement: source('contract/nest-11/node_modules/@nestjs/') }

/**
 * Lets `import '…?nest-11'` load a file once more, with another copy of what it imports of the contract's own files on Nest and
 * of our package for it, and with Nest 11.
 */
export const nest11Copies: Plugin = {
  name: 'nest-11-copies',
  enforce: 'pre',
  async resolveId(asked, importer) {
    if (!asked.endsWith(copy) && !importer?.endsWith(copy)) return null
    const path = asked.replace(copy, '').replace(nest11.find, nest11.replacement)
    const resolved = await this.resolve(path, importer?.replace(copy, ''), { skipSelf: true })
    const isCopied = /\/(packages\/nest\/src|contract\/src\/(hosts|lives))\/.*$/.test(resolved?.id ?? '')
    return isCopied && /nest/.test(resolved?.id ?? '') ? `${resolved?.id}${copy}` : resolved
  },
}

const copy = '?nest-11'
