// npm run docs: makes one site of the guides and the API reference, in docs-site/, and follows its links.
import { join } from 'node:path'
import { base } from './site-base.mjs'
import { findBrokenLinks } from './site-links.mjs'
import { runStep } from './steps.mjs'
import { install, root } from './workspace.mjs'

await install()

await runStep('Writing the reference', 'typedoc')
await runStep('Building the site', 'vitepress build site')
const { pages, links, broken } = findBrokenLinks(join(root, 'docs-site'), base)
for (const { page, target } of broken) console.log(`broken link in ${page}: ${target}`)
console.log(`${pages} pages in docs-site/, ${links} links, ${broken.length} broken`)
process.exitCode = links > 0 && broken.length === 0 ? 0 : 1
