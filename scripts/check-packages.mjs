// npm run check:packages: packs every published package as it would be published, and tries the tarballs as their users
// would: manifests, types, licence notices, size, and fresh npm projects of every kind.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { build, install, root, runTool, spawnPnpm, stateFolder } from './workspace.mjs'

/**
 * What the main entry of core may add to a bundle: minified, then compressed. What not everybody needs is in entries of its own, and
 * weighs nothing here.
 */
const sizeBudgetBytes = 27 * 1_024

// Jest leaves out what is inside a folder called node_modules, and these projects are.
const jestConfig = {
  testEnvironment: 'node',
  testMatch: ['**/*.test.cjs'],
  testPathIgnorePatterns: [],
  haste: { retainAllFiles: true },
  // One test asks every framework for everything, and Jest gives a test five seconds.
  testTimeout: 60_000,
  transform: {},
}

await install()
await build()

const folder = join(stateFolder, 'check-packages')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const packages = readdirSync(join(root, 'packages'))
  .map((name) => ({ folder: join(root, 'packages', name), ...readManifest(join(root, 'packages', name)) }))
  .filter((manifest) => !manifest.private)
const tarballs = packages.map((manifest) => ({ ...manifest, tarball: pack(manifest) }))

const failed = []
check('knip', () => runTool('knip', []))
for (const { name, tarball } of tarballs) {
  check(`publint ${name}`, () => runTool('publint', ['run', tarball, '--strict']))
  check(`attw ${name}`, () => runTool('attw', [tarball, '--profile', 'node16', '--no-emoji', '--no-color', '-q']))
}
for (const packed of tarballs) check(`manifest ${packed.name}`, () => checkManifest(packed))
for (const packed of tarballs) check(`licences ${packed.name}`, () => checkLicences(packed))
check('size of core', checkSize)
checkConsumers()

console.log(failed.length === 0 ? '\nall good' : `\nfailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function check(name, step) {
  console.log(`\n== ${name}`)
  if (!step()) failed.push(name)
}

function readManifest(path) {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
}

/** pnpm and not npm, which would leave `workspace:^` and `catalog:` in the manifest. */
function pack(manifest) {
  const { status, stdout, stderr } = spawnPnpm(['pack', '--json', '--pack-destination', folder], manifest.folder)
  if (status === 0) return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename
  process.stderr.write(`${stdout}${stderr}`)
  throw new Error(`${manifest.name} does not pack`)
}

function readPacked(tarball, path) {
  const { status, stdout } = spawnSync('tar', ['-xzOf', tarball, `package/${path}`], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return status === 0 ? stdout : undefined
}

/** What publint does not ask for: members that npm shows, and versions that mean something outside this workspace. */
function checkManifest({ name, tarball, folder: source }) {
  const text = readPacked(tarball, 'package.json')
  const manifest = JSON.parse(text)
  const members = ['description', 'license', 'repository', 'homepage', 'bugs', 'keywords', 'engines', 'publishConfig']
  const problems = [
    ...members.filter((member) => manifest[member] === undefined).map((member) => `has no ${member}`),
    ...(/"(workspace|catalog|link|file):/.test(text) ? ['has a version that means nothing outside the workspace'] : []),
    ...(manifest.publishConfig?.provenance === true ? [] : ['is not published with provenance']),
    ...(manifest.repository?.directory === source.slice(root.length + 1) ? [] : ['has another repository.directory']),
    ...(readPacked(tarball, 'LICENSE') === readFileSync(join(root, 'LICENSE'), 'utf8') ? [] : ['has another LICENSE']),
    ...(readPacked(tarball, 'README.md') === undefined ? ['has no README.md'] : []),
    ...checkPeers(manifest),
  ]
  for (const problem of problems) console.log(`${name} ${problem}`)
  return problems.length === 0
}

function checkPeers({ name, version, peerDependencies = {} }) {
  const expected = {
    '@org/zitadel-auth-express': { express: '^4.18.0 || ^5.0.0', '@types/express': '^4.17.0 || ^5.0.0' },
    '@org/zitadel-auth-fastify': { fastify: '^5.2.0' },
    '@org/zitadel-auth-fetch': { hono: '^4.4.4' },
    '@org/zitadel-auth-grpc': { '@grpc/grpc-js': '^1.12.0' },
    '@org/zitadel-auth-koa': { koa: '^2.15.0 || ^3.0.0' },
    '@org/zitadel-auth-nest': { '@nestjs/common': '^11.0.0 || ^12.0.0', '@nestjs/core': '^11.0.0 || ^12.0.0' },
  }[name]
  const core = expected === undefined ? {} : { '@org/zitadel-auth': `^${version}` }
  const wanted = Object.entries({ ...core, ...expected })
  const wrong = wanted.filter(([peer, range]) => peerDependencies[peer] !== range)
  return wrong.map(([peer, range]) => `has the peer ${peer} ${peerDependencies[peer]} instead of ${range}`)
}

/** Whatever the CommonJS build carries a copy of is named, with the whole text of its licence. */
function checkLicences({ name, tarball, dependencies = {}, folder: source }) {
  const sourceMap = readPacked(tarball, 'dist/index.cjs.map') ?? '{"sources":[]}'
  const bundled = JSON.parse(sourceMap).sources.flatMap(
    (path) => /node_modules\/(?!\.pnpm)((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  )
  const notices = readPacked(tarball, 'THIRD_PARTY_LICENSES') ?? ''
  const missing = [...new Set(bundled)].filter((dependency) => {
    const licence = readdirSync(join(source, 'node_modules', dependency)).find((file) => /^licen[cs]e/i.test(file))
    return !notices.includes(readFileSync(join(source, 'node_modules', dependency, licence ?? ''), 'utf8').trim())
  })
  console.log(`bundled: ${[...new Set(bundled)].join(', ') || 'nothing'}`)
  for (const dependency of missing) console.log(`${name} holds ${dependency} and not its licence`)
  return missing.length === 0 && bundled.every((dependency) => dependency in dependencies)
}

function checkSize() {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(root, 'packages/core/dist/index.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    outfile: 'core.js',
    metafile: true,
  })
  const toKilobytes = (bytes) => `${(bytes / 1_024).toFixed(1)} KiB`
  const parts = Object.entries(metafile.outputs['core.js'].inputs).map(([path, { bytesInOutput }]) => ({
    name: /node_modules\/(?!\.pnpm)([^/]+)/.exec(path)?.[1] ?? 'core',
    bytes: bytesInOutput,
  }))
  for (const name of new Set(parts.map((part) => part.name))) {
    const bytes = parts.filter((part) => part.name === name).reduce((sum, part) => sum + part.bytes, 0)
    console.log(`${name}: ${toKilobytes(bytes)} minified`)
  }
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length
  console.log(`together: ${toKilobytes(bytes)} minified and gzipped, of ${toKilobytes(sizeBudgetBytes)}`)
  return bytes <= sizeBudgetBytes
}

function checkConsumers() {
  const nest = (version) => ({
    ...{ '@nestjs/common': version, '@nestjs/core': version, '@nestjs/platform-express': version },
    ...{ 'reflect-metadata': '0.2.2', rxjs: '7.8.2' },
  })
  const newest = {
    express: '5',
    fastify: '5',
    koa: '3',
    '@grpc/grpc-js': '1',
    hono: '4',
    '@hono/node-server': '2',
    ...nest('12'),
  }
  const oldest = {
    express: '4.18.0',
    fastify: '5.2.0',
    koa: '2.15.0',
    '@grpc/grpc-js': '1.12.0',
    hono: '4.4.4',
    '@hono/node-server': '1',
    ...nest('11.0.0'),
  }
  const esm = createProject('esm', newest)
  check('ES modules, newest frameworks', () => run(esm, 'node', ['program.mjs']))

  const commonjs = createProject('commonjs', oldest)
  check('CommonJS, oldest frameworks', () => run(commonjs, 'node', ['program.cjs']))
  check('CommonJS without require(esm)', () =>
    run(commonjs, 'node', ['--no-experimental-require-module', 'program.cjs']),
  )

  // Jest can't require the ES modules of Nest 12.
  const jest = createProject('jest', { ...newest, ...nest('11'), jest: '30' })
  check('Jest', () => run(jest, 'npx', ['--no-install', 'jest', '--config', JSON.stringify(jestConfig)]))

  const compilers = ['5.4.5', '5.9.3', '6.0.3', '7.0.2']
  const aliases = compilers.map((version) => [`typescript-${version}`, `npm:typescript@${version}`])
  const types = {
    '@types/express': '5.0.6',
    '@types/koa': '3.0.3',
    '@types/node': '20.19.43',
    '@koa/router': '15.7.0',
    undici: '7.30.2',
  }
  // Beside Express, @types/koa finds the newer content-disposition of Express and does not compile, whatever we do.
  const untangled = { 'content-disposition': '0.5.4' }
  const typescript = createProject('typescript', { ...newest, ...types, ...untangled, ...Object.fromEntries(aliases) })
  cpSync(join(root, 'contract/types'), typescript, { recursive: true })
  for (const version of compilers) {
    check(`TypeScript ${version}`, () =>
      projectsFor(version).every((project) =>
        run(typescript, 'node', [`node_modules/typescript-${version}/bin/tsc`, '-p', `tsconfig.${project}.json`]),
      ),
    )
  }
}

/** Up to TypeScript 5.9 the resolution `node10` was the default of CommonJS; 7 does not have it any more. */
function projectsFor(version) {
  return [
    'node16',
    'nodenext',
    'bundler',
    'augment',
    'fetch',
    'fetch-dom',
    'hono',
    ...(version.startsWith('5.') ? ['node10', 'node10-augment', 'node10-hono'] : []),
  ]
}

/** A fresh npm project in which the tarballs are installed, with their peers. */
function createProject(name, dependencies) {
  const project = join(folder, name)
  cpSync(join(root, 'contract/consumers'), project, { recursive: true })
  const packed = tarballs.map(({ name: dependency, tarball }) => [dependency, `file:${tarball}`])
  const manifest = { name, private: true, dependencies: { ...Object.fromEntries(packed), ...dependencies } }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2))
  const isInstalled = run(project, 'npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ])
  if (!isInstalled) throw new Error(`the packages can't be installed into the project ${name}`)
  return project
}

function run(cwd, command, args) {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  return status === 0
}
