import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The packages that come with a library, itself included, and the bytes of their files. */
export function findInstalled(name) {
  const found = new Map()
  collect(name, import.meta.dirname, found)
  return { packages: found.size, bytes: [...found.values()].reduce((sum, bytes) => sum + bytes, 0) }
}

/** The version of a library that is installed here. */
export function findVersion(name) {
  return readManifest(findFolder(name, import.meta.dirname)).version
}

function collect(name, from, found) {
  const folder = findFolder(name, from)
  if (found.has(folder)) return
  const { dependencies = {}, files } = readManifest(folder)
  // A package of this workspace is measured as it would be published, but for what is made only then.
  const isOurs = !folder.includes('node_modules')
  const published = isOurs ? ['package.json', ...files].map((file) => join(folder, file)).filter(existsSync) : [folder]
  found.set(
    folder,
    published.reduce((sum, path) => sum + measure(path), 0),
  )
  for (const dependency of Object.keys(dependencies)) collect(dependency, folder, found)
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** As Node.js looks for it, but for the folder: not every package lets its package.json be imported. */
function findFolder(name, from) {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return realpathSync(folder)
  const parent = dirname(from)
  if (parent === from) throw new Error(`${name} is not installed`)
  return findFolder(name, parent)
}

function measure(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.size
  const names = readdirSync(path).filter((name) => name !== 'node_modules')
  return names.reduce((sum, name) => sum + measure(join(path, name)), 0)
}
