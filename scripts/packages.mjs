// The packages and examples of this workspace, and what they need of each other.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** Every package and example: its name, its folder, the line that builds it, and the names of those it needs to run. */
export function readPackages() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  )
  const manifests = folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, ...readManifest(folder) }))
  const names = manifests.map(({ name }) => name)
  return manifests.map(({ name, folder, scripts, dependencies, peerDependencies }) => ({
    name,
    folder,
    buildLine: scripts.build,
    needs: names.filter((each) => each in { ...dependencies, ...peerDependencies }),
  }))
}

/** What is in these folders, and all that it needs. */
export function findNeeded(...folders) {
  const packages = readPackages()
  const needed = new Set(packages.filter(({ folder }) => folders.includes(folder)))
  // A set also gives what is added to it on the way.
  for (const { needs } of needed) for (const each of packages) if (needs.includes(each.name)) needed.add(each)
  return [...needed]
}

/** The package.json of a folder, or of the workspace. */
export function readManifest(folder = '.') {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}
