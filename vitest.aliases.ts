import { fileURLToPath } from 'node:url'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Workspace packages resolve to their sources, so that tests need no build and failures point at code. */
export const aliases = [
  { find: /^@org\/zitadel-auth$/, replacement: source('packages/core/src/index.ts') },
  { find: /^@org\/zitadel-auth-([a-z]+)\/([a-z]+)$/, replacement: source('packages/$1/src/$2.ts') },
  { find: /^@org\/zitadel-auth-([a-z]+)$/, replacement: source('packages/$1/src/index.ts') },
  { find: /^@org\/example-tasks$/, replacement: source('examples/tasks/src/index.ts') },
]

/** Puts Nest 11 into the place of the newest, for the same tests. */
export const nest11 = { find: /^@nestjs\//, replacement: source('contract/nest-11/node_modules/@nestjs/') }
