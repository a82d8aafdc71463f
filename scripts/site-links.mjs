// Finds the links of a built site that lead nowhere: to a page, an image or an anchor that is not there. No network.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** @param base the path at which the folder `site` is served */
export function findBrokenLinks(site, base) {
  const paths = readdirSync(site, { recursive: true }).map((name) => join(site, name))
  const pages = new Map(paths.filter((path) => /\.(html|svg)$/.test(path)).map((path) => [path, readPage(path)]))
  const links = [...pages].flatMap(([path, { targets }]) => targets.map((target) => ({ path, target })))
  const broken = links.filter(({ path, target }) => !leadsSomewhere({ site, base, pages }, path, target))
  return {
    pages: pages.size,
    links: links.length,
    broken: broken.map(({ path, target }) => ({ page: relative(site, path), target })),
  }
}

/** The file that is served at a path: addresses of pages are without their `.html`. */
export function findFile(site, base, pathname) {
  if (!pathname.startsWith(base)) return undefined
  const path = join(site, decodeURIComponent(pathname.slice(base.length)))
  const isFile = (each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true
  return [path, `${path}.html`, join(path, 'index.html')].find(isFile)
}

function readPage(path) {
  const html = readFileSync(path, 'utf8')
  const readAll = (pattern) => [...html.matchAll(pattern)].map(([, value]) => value.replaceAll('&amp;', '&'))
  return {
    anchors: new Set(readAll(/ id="([^"]+)"/g)),
    targets: readAll(/ (?:href|src)="([^"]+)"/g).filter((target) => !/^[a-z]+:/.test(target)),
  }
}

function leadsSomewhere({ site, base, pages }, from, target) {
  const { pathname, hash } = new URL(target, `http://site${base}${relative(site, from)}`)
  const file = findFile(site, base, pathname)
  if (file === undefined) return false
  return hash === '' || pages.get(file)?.anchors.has(decodeURIComponent(hash.slice(1))) === true
}
