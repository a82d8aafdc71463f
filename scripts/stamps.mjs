// What has been done, for which files. A stamp is a digest of the files and the names of what was done for them.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './packages.mjs'

/** Where stamps and results are kept: inside node_modules, so that removing it starts afresh. */
export const stateFolder = join(root, 'node_modules/.workspace')

/** What a stamp says, if there is one. */
export function readStamp(stamp) {
  const path = join(stateFolder, stamp)
  if (!existsSync(path)) return { digest: undefined, names: [] }
  const [digest, ...names] = readFileSync(path, 'utf8').split('\n')
  return { digest, names }
}

/** Runs a step that gives the names for its stamp, and stamps it when it has succeeded. Until then there is no stamp. */
export async function runStamped(stamp, digest, step) {
  const path = join(stateFolder, stamp)
  rmSync(path, { force: true })
  const names = await step()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, [digest, ...names].join('\n'))
}

/** One text for these files and this Node.js, another for others. */
export function toDigest(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

/** Gives the digest of a package by its name: of its sources, and of what it needs. */
export function createDigests(packages) {
  const common = toDigest(['pnpm-lock.yaml', 'tsconfig.base.json', 'tsup.base.ts'])
  const digests = new Map()
  return function digestOf(name) {
    const known = digests.get(name)
    if (known !== undefined) return known
    const { folder, needs } = packages.find((each) => each.name === name)
    const parts = [common, toDigest(findSources(folder)), ...needs.map(digestOf)]
    const digest = createHash('sha256').update(parts.join('\n')).digest('hex')
    digests.set(name, digest)
    return digest
  }
}

/** Everything in a folder, by its path from the root; nothing where there is no such folder. */
export function listFiles(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name))
}

function findSources(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/[\\/](node_modules|dist|test)[\\/]|\.md$|\.test\.ts$/.test(path))
    .sort()
}
