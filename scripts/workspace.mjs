// What `npm start` and `npm test` share: a workspace that is installed and built, with nothing but Node.js and npm there
// beforehand. What has not changed since it last succeeded is skipped, and nothing is said.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readManifest, readPackages, root } from './packages.mjs'
import { createDigests, listFiles, readStamp, runStamped, stateFolder, toDigest } from './stamps.mjs'
import { runStep } from './steps.mjs'

export { root, stateFolder }

const isWindows = process.platform === 'win32'

/** Installs what the lockfile says: all of it, or what these packages need. Where there was all of it, there will be again. */
export async function install(packages) {
  const manifests = readPackages().map(({ folder }) => `${folder}/package.json`)
  const digest = toDigest(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests])
  const last = readStamp('install')
  const isForAll = packages === undefined || last.names.includes('all')
  const wanted = isForAll ? ['all'] : [readManifest().name, ...packages.map(({ name }) => name)]
  const there = last.digest === digest ? last.names : []
  if (wanted.every((name) => there.includes(name))) return

  const filters = isForAll ? [] : wanted.map((name) => `--filter=${name}`)
  const line = ['npx', ...toPnpm(['install', '--frozen-lockfile', ...filters])].join(' ')
  const names = isForAll ? wanted : [...new Set([...there, ...wanted])]
  await runStamped('install', digest, async () => {
    await runStep('Installing dependencies', line)
    return names
  })
}

/**
 * Builds packages into their dist folders, after those that they need. `esm` is what an example takes to run: no types,
 * nothing for `require`, nothing for workers. Only `complete` has it all.
 */
export async function build(packages = readPackages(), kind = 'complete') {
  const digestOf = createDigests(packages)
  const takeTurn = createTurns(Math.min(Math.max(availableParallelism(), 2), 4))
  const builds = new Map()
  await Promise.all(packages.map(buildOnce))

  function buildOnce(each) {
    if (!builds.has(each.name)) builds.set(each.name, buildAfterNeeds(each))
    return builds.get(each.name)
  }

  async function buildAfterNeeds({ name, folder, buildLine, needs }) {
    await Promise.all(packages.filter((each) => needs.includes(each.name)).map(buildOnce))
    const stamp = join('builds', folder)
    const digest = digestOf(name)
    const last = readStamp(stamp)
    const [lastKind, ...built] = last.names
    const isDone = last.digest === digest && ['complete', kind].includes(lastKind)
    // What has been built may be gone: removed, or replaced by another build beside this one.
    if (isDone && built.length > 0 && built.every((path) => existsSync(join(root, path)))) return
    const env = { BUILD_ONLY: kind === 'complete' ? '' : kind }
    await takeTurn(() =>
      runStamped(stamp, digest, async () => {
        await runStep(`Building ${name}`, buildLine, { folder, env })
        return [kind, ...listFiles(join(folder, 'dist'))]
      }),
    )
  }
}

/** Runs a program of node_modules/.bin and shows what it prints. Tells whether it succeeded. */
export function runTool(name, args, env = {}) {
  const options = {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: isWindows,
  }
  return spawnSync(join(root, 'node_modules/.bin', name), args, options).status === 0
}

/** Runs another of these scripts. Tells whether it succeeded. */
export function runScript(name, args) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', name), ...args], { stdio: 'inherit' })
  return status === 0
}

/** Runs pnpm and waits for it. */
export function spawnPnpm(args, cwd = root) {
  return spawnSync('npx', toPnpm(args), {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: isWindows,
  })
}

/** For npx: pnpm comes from the registry in the version that package.json pins, and is kept in npm's own cache. */
function toPnpm(args) {
  const [specifier] = readManifest().packageManager.split('+')
  return ['--yes', specifier, ...args]
}

/** Gives a function that runs so many steps at once, and the others after them. */
function createTurns(count) {
  const waiting = []
  let free = count
  return async (step) => {
    if (free > 0) free -= 1
    else await new Promise((resolve) => waiting.push(resolve))
    await step()
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
}
