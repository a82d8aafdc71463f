// npm run test:site: opens every page of the built site in a headless Chromium, wide and narrow, light and dark, and looks at
// what a reader would: accessibility by axe, pages that are wider than the screen, errors, the keyboard, and the search.
// CHROMIUM names another program than /usr/bin/chromium; --screenshots FOLDER keeps a picture of each page.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { base } from './site-base.mjs'
import { findFile } from './site-links.mjs'
import { install, root } from './workspace.mjs'

const site = join(root, 'docs-site')
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}
const widths = [1280, 390]
const schemes = ['light', 'dark']

/** All of WCAG 2.1 AA. The one rule of axe's own that is left out is experimental, and takes the key in the search button for its name. */
const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
  rules: { 'label-content-name-mismatch': { enabled: false } },
}

/** What a newcomer types, and a page that the search has to find. */
const searches = {
  tenant: '/docs/multi-tenant',
  websocket: '/docs/other-frameworks',
  cors: '/docs/express',
  proxy: '/docs/recipes',
  mcp: '/docs/mcp',
  requireAuthorization: '/docs/api',
}

const folder = readFlag('--screenshots')
const only = readFlag('--only')
const problems = []
const program = process.env.CHROMIUM || '/usr/bin/chromium'
if (!existsSync(join(site, 'index.html'))) fail('there is no site in docs-site/: run npm run docs first')
if (!existsSync(program)) fail(`there is no Chromium at ${program}: install it, or name another by CHROMIUM`)
await install()
// Not before: a fresh checkout has no packages yet.
const { chromium } = await import('playwright-core')

const server = createServer(serve)
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] })

const all = readdirSync(site, { recursive: true }).filter((name) => name.endsWith('.html') && name !== '404.html')
const guides = all.filter((name) => !name.startsWith('docs/reference/'))
// Pages of the reference are made alike: of each kind one.
const reference = [
  'index',
  'functions/createZitadelAuth',
  'interfaces/AuthorizationContext',
  'classes/AuthorizationError',
]
  .map((name) => all.find((path) => path.startsWith('docs/reference/') && path.endsWith(`${name}.html`)))
  .filter((path) => path !== undefined)
const pages = [...guides, ...reference].filter((path) => path.includes(only ?? ''))

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
for (const width of widths) {
  for (const colorScheme of schemes) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
    for (const path of pages) await look(context, path, { width, colorScheme })
    await context.close()
  }
}
if (only === undefined) {
  await useKeyboard()
  await search()
}
await browser.close()
server.close()

for (const problem of problems) console.log(problem)
console.log(
  `${pages.length} pages at ${widths.join(' and ')} px, ${schemes.join(' and ')}: ${problems.length} problems`,
)
process.exitCode = problems.length === 0 && pages.length > 0 ? 0 : 1

async function look(context, path, { width, colorScheme }) {
  const where = `${path}, ${width} px, ${colorScheme}`
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(`${where}: ${error.message}`))
  page.on(
    'response',
    (response) => response.ok() || problems.push(`${where}: ${response.status()} for ${response.url()}`),
  )
  await page.goto(`${origin}${base}${path.replace(/\.html$/, '')}`, { waitUntil: 'networkidle' })
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (excess > 0) problems.push(`${where}: ${excess} px wider than the screen`)
  await page.evaluate(axe)
  const { violations } = await page.evaluate((options) => globalThis.axe.run(options), axeOptions)
  for (const { id, nodes } of violations) {
    problems.push(
      `${where}: ${id}, ${nodes.length} times: ${nodes[0].html.slice(0, 160)} ${nodes[0].any[0]?.message ?? ''}`,
    )
  }
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true })
    const name = `${path.replaceAll('/', '_').replace('.html', '')}-${width}-${colorScheme}.png`
    await page.screenshot({ path: join(folder, name), fullPage: true })
  }
  await page.close()
}

/** The first key leads past the navigation; the search opens, and closes, by key. */
async function useKeyboard() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${origin}${base}docs/express`, { waitUntil: 'networkidle' })
  await page.keyboard.press('Tab')
  const first = await page.evaluate(() => document.activeElement?.textContent?.trim())
  if (first !== 'Skip to content') problems.push(`the first Tab leads to ${first}`)
  await page.keyboard.press('Control+k')
  await page.waitForSelector('.VPLocalSearchBox input')
  await page.keyboard.press('Escape')
  if ((await page.locator('.VPLocalSearchBox').count()) > 0) problems.push('Escape does not close the search')
  await page.close()
}

async function search() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${origin}${base}`, { waitUntil: 'networkidle' })
  for (const [words, wanted] of Object.entries(searches)) {
    await page.keyboard.press('Control+k')
    await page.fill('.VPLocalSearchBox input', words)
    await page.waitForSelector('.VPLocalSearchBox .result')
    await page.waitForTimeout(500)
    const found = await page
      .locator('.VPLocalSearchBox .result')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    console.log(
      `search for ${words}: ${found
        .slice(0, 4)
        .map((href) => href.replace(base, '/'))
        .join(' ')}`,
    )
    if (!found.some((href) => href.includes(wanted))) problems.push(`the search for ${words} does not find ${wanted}`)
    await page.keyboard.press('Escape')
  }
  await page.close()
}

function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://site')
  const file = findFile(site, base, pathname)
  response.writeHead(file === undefined ? 404 : 200, {
    'content-type': types[extname(file ?? '.html')] ?? 'application/octet-stream',
  })
  response.end(file === undefined ? '' : readFileSync(file))
}

function fail(message) {
  console.error(`cannot test the site: ${message}`)
  process.exit(1)
}

function readFlag(name) {
  const index = process.argv.indexOf(name)
  return index === -1 ? undefined : process.argv[index + 1]
}
