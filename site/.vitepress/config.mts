import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { base } from '../../scripts/site-base.mjs'

const repository = 'https://github.com/org/zitadel-auth'
const root = fileURLToPath(new URL('../../', import.meta.url))

const page = (text: string, name: string): DefaultTheme.SidebarItem => ({ text, link: `/docs/${name}` })

/** By what a reader wants to do. */
const guides: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Overview', link: '/' },
      page('Secure an API', 'secure-an-api'),
      page('Test your API', 'testing'),
      page('Concepts', 'concepts'),
    ],
  },
  {
    text: 'Frameworks',
    items: [
      page('Express', 'express'),
      page('Fastify', 'fastify'),
      page('Koa', 'koa'),
      page('Hono and the Fetch API', 'hono'),
      page('NestJS', 'nest'),
      page('gRPC', 'grpc'),
      page('MCP servers', 'mcp'),
      page('Other frameworks', 'other-frameworks'),
      page('Runtimes', 'runtimes'),
    ],
  },
  {
    text: 'Build',
    items: [
      page('Multi-tenant APIs', 'multi-tenant'),
      page('Calling other APIs', 'calling-other-apis'),
      page('Recipes', 'recipes'),
    ],
  },
  {
    text: 'Operate',
    items: [
      page('From zero to production', 'production'),
      page('Revocation', 'revocation'),
      page('Several processes', 'several-processes'),
      page('Metrics and traces', 'observability'),
      page('When ZITADEL is down', 'reliability'),
      page('Performance', 'performance'),
      page('Troubleshooting', 'troubleshooting'),
    ],
  },
]

const reference: DefaultTheme.SidebarItem[] = [page('API at a glance', 'api'), page('Packages', 'reference/')]

const project: DefaultTheme.SidebarItem = {
  text: 'Project',
  items: [
    page('Architecture', 'architecture'),
    { text: 'Security', link: '/SECURITY' },
    { text: 'Contributing', link: '/CONTRIBUTING' },
    { text: 'Code of conduct', link: '/CODE_OF_CONDUCT' },
    { text: 'Changelog', link: '/CHANGELOG' },
  ],
}

/** What TypeDoc has written: `npm run docs` runs it first. */
function readReference(): DefaultTheme.SidebarItem[] {
  const file = `${root}docs/reference/typedoc-sidebar.json`
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).flatMap(listEntries) : []
}

/** The entries that one can import, each with its members: those without a link are packages of several, or headings. */
function listEntries(item: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem[] {
  const entries = item.items?.filter(({ link }) => link !== undefined) ?? []
  if (entries.length > 0) return entries.flatMap(listEntries)
  return [{ text: item.text, link: item.link, collapsed: true, items: listMembers(item) }]
}

function listMembers(item: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem[] {
  return (item.items ?? []).flatMap((each) => (each.items === undefined ? [each] : listMembers(each)))
}

export default defineConfig({
  title: 'ZITADEL for Node.js APIs',
  description: 'Accept ZITADEL access tokens in Node.js APIs: Express, Fastify, Koa, Hono, NestJS, gRPC',
  base,
  srcDir: '..',
  outDir: '../docs-site',
  srcExclude: ['{benchmarks,contract,examples,node_modules,packages,resilience,site,docs-site}/**', '.*/**'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: true,
  lang: 'en',
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }],
    ['meta', { name: 'theme-color', content: '#0d9488' }],
  ],
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  vite: { publicDir: `${root}site/public` },
  // TypeDoc writes the reference, from the sources: there is nothing to edit.
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath.startsWith('docs/reference/')) frontmatter['editLink'] = false
  },
  themeConfig: {
    logo: '/favicon.svg',
    siteTitle: 'zitadel-auth',
    nav: [
      { text: 'Guides', link: '/docs/secure-an-api', activeMatch: '^/docs/(?!reference|api)' },
      { text: 'Reference', link: '/docs/api', activeMatch: '^/docs/(reference|api)' },
    ],
    sidebar: {
      '/docs/api': [{ text: 'Reference', items: [...reference, ...readReference()] }],
      '/docs/reference/': [{ text: 'Reference', items: [...reference, ...readReference()] }],
      '/': [...guides, { text: 'Reference', items: reference }, project],
    },
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        detailedView: true,
        // A guide before the pages of the reference that have the same word.
        miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes('/docs/reference/') ? 0.2 : 1) } },
      },
    },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: {
      pattern: `${repository}/edit/main/:path`,
      text: 'Edit this page on GitHub',
    },
    docFooter: { prev: 'Previous', next: 'Next' },
    footer: { message: 'Apache-2.0' },
  },
})
