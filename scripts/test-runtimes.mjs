// npm run test:runtimes: runs the suites of core, of the adapters and of the contract on every runtime that we name, and an
// application of its own on those that run no suites; each from the npm registry. `-- --runtime node22` chooses one. Fails
// where a test fails that docs/runtimes.md does not explain, and where the page explains one that passes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { build, install, root, spawnPnpm, stateFolder } from './workspace.mjs'

/** What runs our suites. */
const suites = ['core', 'express', 'fastify', 'koa', 'fetch', 'grpc', 'contract'].flatMap((project) => [
  '--project',
  project,
])

/** What runs an application instead, which tests ask from outside. */
const applications = (name) => ['--config', join(root, 'contract/runtimes/vitest.config.ts'), '--project', name]

const runtimes = [
  { name: 'node20', packages: ['node@20'], command: ['node'], tests: suites },
  { name: 'node22', packages: ['node@22'], command: ['node'], tests: suites },
  { name: 'node24', packages: ['node@24'], command: ['node'], tests: suites },
  { name: 'node26', packages: ['node@26'], command: ['node'], tests: suites },
  // Without the flag, bun would leave vitest to Node.js.
  { name: 'bun', packages: ['bun@1'], command: ['bun', '--bun'], tests: suites },
  { name: 'deno', packages: ['deno@2'], command: ['deno', 'run', '--allow-all'], tests: suites },
  { name: 'bun-serve', packages: ['bun@1'], tests: applications('bun') },
  { name: 'deno-serve', packages: ['deno@2'], tests: applications('deno') },
  { name: 'workerd', packages: ['workerd@1'], tests: applications('workerd') },
  {
    name: 'next14',
    packages: ['next@14', 'react@18', 'react-dom@18'],
    needs: ['core', 'fetch'],
    tests: applications('next'),
  },
  {
    name: 'next16',
    packages: ['next@16', 'react@19', 'react-dom@19'],
    needs: ['core', 'fetch'],
    tests: applications('next'),
  },
]

const chosen = chooseRuntimes(process.argv.slice(2))
const exceptions = readExceptions()
await install()
await build()
const lines = chosen.map(testRuntime)
console.log(`\n${lines.map(({ line }) => line).join('\n')}`)
process.exitCode = lines.every(({ isGood }) => isGood) ? 0 : 1

function chooseRuntimes(argv) {
  const index = argv.findIndex((flag) => /^--runtime(=|$)/.test(flag))
  if (index === -1) return runtimes
  const name = argv[index].split('=')[1] ?? argv[index + 1]
  const found = runtimes.filter((runtime) => runtime.name === name)
  if (found.length > 0) return found
  console.error(`--runtime must be one of ${runtimes.map((runtime) => runtime.name).join(', ')}`)
  process.exit(1)
}

/** The rows of the page's table on what a runtime can't do: the runtime, a part of the tests' names, and whether they are run. */
function readExceptions() {
  const page = readFileSync(join(root, 'docs/runtimes.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (Bun|Deno) +\| `([^|]+?)` +\| ([^|]+?) +\|$/gm)]
  return rows.map(([, runtime, test, why]) => ({
    runtime: runtime.toLowerCase(),
    test,
    isRun: !why.startsWith('Not run'),
  }))
}

function testRuntime(runtime) {
  const version = installRuntime(runtime)
  const title = `${runtime.packages[0].split('@')[0]} ${version}`
  console.log(`\n== ${title}`)
  const own = exceptions.filter((exception) => exception.runtime === runtime.name)
  const failing = own.filter(({ isRun }) => isRun)
  const notRun = own.filter(({ isRun }) => !isRun)
  const results = runTests(runtime, notRun)

  const failed = results.failed.filter(({ name }) => !isNamedBy(failing, name))
  const skipped = results.skipped.filter(({ name }) => !isNamedBy(notRun, name))
  const outdated = [
    ...failing.filter((exception) => !results.failed.some(({ name }) => isNamedBy([exception], name))),
    ...notRun.filter((exception) => !results.skipped.some(({ name }) => isNamedBy([exception], name))),
  ]
  for (const { name, message } of failed) console.log(`failed: ${name}\n  ${message}`)
  for (const { name } of skipped) console.log(`not run: ${name}`)
  for (const { test } of outdated) console.log(`docs/runtimes.md says that this can't pass, and it does: ${test}`)

  const explained = results.failed.length - failed.length + results.skipped.length - skipped.length
  const parts = [
    `${results.passed.toLocaleString('en-US')} passed`,
    `${failed.length} failed`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...(explained > 0 ? [`${explained} that it can't pass, see docs/runtimes.md`] : []),
  ]
  return {
    line: `${title}: ${parts.join(', ')}`,
    isGood: results.passed > 0 && failed.length + skipped.length + outdated.length === 0,
  }
}

function isNamedBy(rows, name) {
  return rows.some(({ test }) => name.includes(test))
}

/** Gives the version of the runtime. */
function installRuntime(runtime) {
  const folder = join(stateFolder, 'runtimes', runtime.name)
  const [name] = runtime.packages[0].split('@')
  const manifest = join(folder, 'node_modules', name, 'package.json')
  // Our packages may have changed since they were installed there, and have the version that they had.
  if (runtime.needs) rmSync(join(folder, 'node_modules/@org'), { recursive: true, force: true })
  if (!existsSync(manifest) || runtime.needs) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
    const own = (runtime.needs ?? []).map((name) => packPackage(name, folder))
    const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--no-save', '--prefer-offline']
    const options = { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }
    const { status } = spawnSync('npm', ['install', ...flags, ...runtime.packages, ...own], options)
    if (status !== 0) throw new Error(`${runtime.packages.join(', ')} can't be installed`)
  }
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

/** Packs a package as it would be published, and gives the path of the tarball. */
function packPackage(name, folder) {
  const own = join(root, 'packages', name)
  const { status, stdout, stderr } = spawnPnpm(['pack', '--json', '--pack-destination', folder], own)
  if (status !== 0) throw new Error(`${name} does not pack: ${stdout}${stderr}`)
  return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename
}

function runTests({ name, command, tests }, notRun) {
  const output = join(stateFolder, `vitest-${name}.json`)
  rmSync(output, { force: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${output}`]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const names = notRun.map(({ test }) => test.replace(/[^\w ]/g, '\\$&'))
  const filter = names.length === 0 ? [] : ['--testNamePattern', `^(?!.*(${names.join('|')}))`]
  const folder = join(stateFolder, 'runtimes', name)
  const programs = join(folder, 'node_modules/.bin')
  const [program, ...flags] =
    command === undefined ? [process.execPath] : [join(programs, command[0]), ...command.slice(1)]
  const { status, signal, stdout, stderr } = spawnSync(
    program,
    [...flags, vitest, 'run', ...tests, ...reporters, ...filter],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      // What a test starts by its name is the runtime too.
      env: {
        ...process.env,
        NO_COLOR: '1',
        PATH: `${programs}${delimiter}${process.env.PATH}`,
        RUNTIME_FOLDER: folder,
      },
    },
  )
  const log = join(stateFolder, `vitest-${name}.log`)
  writeFileSync(log, `${stdout}${stderr}`)
  console.log(`the whole output is in ${log.slice(root.length + 1)}`)
  if (!existsSync(output)) return broken(`vitest ended with ${signal ?? status} and no results`)
  const results = readResults(output)
  // Such as an unhandled rejection, which is in no test.
  const isBroken = status !== 0 && results.failed.length === 0
  return isBroken ? broken(`vitest ended with ${signal ?? status}, and no test failed`) : results
}

function broken(message) {
  return { passed: 0, skipped: [], failed: [{ name: 'the run', message }] }
}

function readResults(path) {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
  const tests = testResults.flatMap((file) => file.assertionResults)
  const toMessage = (text) => (text ?? '').split('\n', 1)[0]
  const files = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = tests.filter((test) => test.status === 'failed')
  const isDone = ({ status }) => status === 'passed' || status === 'failed'
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    skipped: tests.flatMap((test) => (isDone(test) ? [] : [{ name: test.fullName }])),
    failed: [
      ...files.map((file) => ({ name: file.name.slice(root.length + 1), message: toMessage(file.message) })),
      ...failed.map((test) => ({ name: test.fullName, message: toMessage(test.failureMessages[0]) })),
    ],
  }
}
