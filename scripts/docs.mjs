// npm run docs: makes one site of the guides and the API reference, in docs-site/, and follows its links.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findBrokenLinks } from './site-links.mjs'
import { install, root, runTool } from './workspace.mjs'

/** The order in which a newcomer reads. Other pages follow. */
const order = [
  ...[
    'secure-an-api',
    'concepts',
    'recipes',
    'other-frameworks',
    'mcp',
    'revocation',
    'calling-other-apis',
    'observability',
    'troubleshooting',
  ],
  ...['reliability', 'performance', 'runtimes', 'architecture'],
]

install()

const names = readdirSync(join(root, 'docs'))
  .flatMap((name) => /^(.+)\.md$/.exec(name)?.[1] ?? [])
  .filter((name) => name !== 'README')
const ordered = order.filter((name) => names.includes(name))
const others = names.filter((name) => !order.includes(name))
const pages = [...ordered, ...others].map((name) => ['--projectDocuments', `docs/${name}.md`])

const isBuilt = runTool('typedoc', ['--plugin', './scripts/typedoc-titles.mjs', ...pages.flat()])
const { links, broken } = isBuilt ? findBrokenLinks(join(root, 'docs-site')) : { links: 0, broken: [] }
for (const { page, target } of broken) console.log(`broken link in ${page}: ${target}`)
if (isBuilt) console.log(`${links} links, ${broken.length} broken`)
process.exitCode = isBuilt && links > 0 && broken.length === 0 ? 0 : 1
