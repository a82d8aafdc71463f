// Finds the links of a built site that lead nowhere: to a page, an image or an anchor that is not there. No network.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export function findBrokenLinks(site) {
  const paths = readdirSync(site, { recursive: true }).map((name) => join(site, name))
  const pages = new Map(paths.filter((path) => /\.(html|svg)$/.test(path)).map((path) => [path, readPage(path)]))
  const links = [...pages].flatMap(([path, { targets }]) => targets.map((target) => ({ path, target })))
  const broken = links.filter(({ path, target }) => !leadsSomewhere(pages, path, target))
  return { links: links.length, broken: broken.map(({ path, target }) => ({ page: relative(site, path), target })) }
}

function readPage(path) {
  const html = readFileSync(path, 'utf8')
  const readAll = (pattern) => [...html.matchAll(pattern)].map(([, value]) => value.replaceAll('&amp;', '&'))
  return {
    anchors: new Set(readAll(/ id="([^"]+)"/g)),
    targets: readAll(/ (?:href|src)="([^"]+)"/g).filter((target) => !/^[a-z]+:/.test(target)),
  }
}

function leadsSomewhere(pages, from, target) {
  const [file, anchor = ''] = target.split('#').map(decodeURIComponent)
  const path = file === '' ? from : resolve(dirname(from), file)
  if (!existsSync(path)) return false
  return anchor === '' || pages.get(path)?.anchors.has(anchor) === true
}
