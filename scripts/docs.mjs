// npm run docs: makes one site of the guides and the API reference, in docs-site/, and follows its links.
import { join } from 'node:path'
import { base } from './site-base.mjs'
import { findBrokenLinks } from './site-links.mjs'
import { install, root, runTool } from './workspace.mjs'

await install()

const isBuilt = runTool('typedoc', []) && runTool('vitepress', ['build', 'site'])
const { pages, links, broken } = isBuilt
  ? findBrokenLinks(join(root, 'docs-site'), base)
  : { pages: 0, links: 0, broken: [] }
for (const { page, target } of broken) console.log(`broken link in ${page}: ${target}`)
if (isBuilt) console.log(`${pages} pages in docs-site/, ${links} links, ${broken.length} broken`)
process.exitCode = isBuilt && links > 0 && broken.length === 0 ? 0 : 1
