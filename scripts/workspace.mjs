// What `npm start` and `npm test` share: a workspace that is installed and built, with nothing but Node.js and npm there
// beforehand. Both steps are skipped when nothing has changed since they last succeeded.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** Where stamps and results are kept: inside node_modules, so that removing it starts afresh. */
export const stateFolder = join(root, 'node_modules/.workspace')

const workspaces = ['packages', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
)

/** Installs what the lockfile says. */
export function install() {
  const inputs = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...workspaces.map((w) => join(w, 'package.json')),
  ]
  once('installed', inputs, () => pnpm('Installing dependencies', ['install', '--frozen-lockfile']))
}

/** Builds every package and example into its dist folder. */
export function build() {
  const inputs = ['pnpm-lock.yaml', 'tsconfig.base.json', ...workspaces.flatMap(findSources)]
  const isBuilt = workspaces.every((workspace) => existsSync(join(root, workspace, 'dist')))
  once('built', inputs, () => pnpm('Building', ['-r', '--workspace-concurrency=2', 'run', 'build']), isBuilt)
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

const isWindows = process.platform === 'win32'

/** Runs pnpm, which comes from the registry in the version that package.json pins and is kept in npm's own cache. */
export function spawnPnpm(args, cwd = root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [specifier] = packageManager.split('+')
  return spawnSync('npx', ['--yes', specifier, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: isWindows,
  })
}

function pnpm(label, args) {
  console.log(`${label} …`)
  const { status, stdout, stderr } = spawnPnpm(args)
  if (status === 0) return
  process.stderr.write(
    `${stdout ?? ''}${stderr ?? ''}\n${label} failed: the output of pnpm ${args.join(' ')} is above.\n`,
  )
  process.exit(1)
}

function once(name, inputs, step, isThere = true) {
  const stamp = join(stateFolder, name)
  const digest = toDigest(inputs)
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  step()
  mkdirSync(stateFolder, { recursive: true })
  writeFileSync(stamp, digest)
}

function toDigest(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

function findSources(workspace) {
  const entries = readdirSync(join(root, workspace), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/[\\/](node_modules|dist|test)[\\/]|\.md$/.test(path))
    .sort()
}
