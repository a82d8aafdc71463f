// npm run docs: makes one site of the guides and the API reference, in docs-site/.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, runTool } from './workspace.mjs'

/** The order in which a newcomer reads. Other pages follow. */
const order = ['secure-an-api', 'concepts', 'recipes', 'troubleshooting', 'architecture', 'runtimes']

install()

const others = readdirSync(join(root, 'docs'))
  .flatMap((name) => /^(.+)\.md$/.exec(name)?.[1] ?? [])
  .filter((name) => name !== 'README' && !order.includes(name))
const pages = [...order, ...others].map((name) => ['--projectDocuments', `docs/${name}.md`])

process.exitCode = runTool('typedoc', ['--plugin', './scripts/typedoc-titles.mjs', ...pages.flat()]) ? 0 : 1
