// npm run test:runtimes: runs the suites of core, of the adapters and of the contract on every runtime that we name, each
// from the npm registry. `-- --runtime node22` chooses one. Fails where a test fails that docs/runtimes.md does not
// explain, and where the page explains one that passes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { build, install, root, stateFolder } from './workspace.mjs'

const projects = ['core', 'express', 'fastify', 'koa', 'grpc', 'contract']

const runtimes = [
  { name: 'node20', package: 'node@20', command: 'node', flags: [] },
  { name: 'node22', package: 'node@22', command: 'node', flags: [] },
  { name: 'node24', package: 'node@24', command: 'node', flags: [] },
  { name: 'node26', package: 'node@26', command: 'node', flags: [] },
  // Without the flag, bun would leave vitest to Node.js.
  { name: 'bun', package: 'bun@1', command: 'bun', flags: ['--bun'] },
  { name: 'deno', package: 'deno@2', command: 'deno', flags: ['run', '--allow-all'] },
]

const chosen = chooseRuntimes(process.argv.slice(2))
const exceptions = readExceptions()
install()
build()
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
  const program = installRuntime(runtime)
  const version = readVersion(program)
  console.log(`\n== ${runtime.command} ${version}`)
  const own = exceptions.filter((exception) => exception.runtime === runtime.name)
  const failing = own.filter(({ isRun }) => isRun)
  const notRun = own.filter(({ isRun }) => !isRun)
  const results = runSuites(runtime, program, notRun)

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
    line: `${runtime.command} ${version}: ${parts.join(', ')}`,
    isGood: results.passed > 0 && failed.length + skipped.length + outdated.length === 0,
  }
}

function isNamedBy(rows, name) {
  return rows.some(({ test }) => name.includes(test))
}

/** Gives the path of the runtime's program. */
function installRuntime(runtime) {
  const folder = join(stateFolder, 'runtimes', runtime.name)
  const program = join(folder, 'node_modules/.bin', runtime.command)
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--no-save']
  const { status } = spawnSync('npm', ['install', ...flags, runtime.package], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error(`${runtime.package} can't be installed`)
  return program
}

function readVersion(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'of unknown version'
}

function runSuites({ name, flags }, program, notRun) {
  const output = join(stateFolder, `vitest-${name}.json`)
  rmSync(output, { force: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${output}`]
  const chosenProjects = projects.flatMap((project) => ['--project', project])
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const names = notRun.map(({ test }) => test.replace(/[^\w ]/g, '\\$&'))
  const filter = names.length === 0 ? [] : ['--testNamePattern', `^(?!.*(${names.join('|')}))`]
  const { status, signal, stdout, stderr } = spawnSync(
    program,
    [...flags, vitest, 'run', ...reporters, ...chosenProjects, ...filter],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      // What a test starts by its name is the runtime too.
      env: { ...process.env, NO_COLOR: '1', PATH: `${dirname(program)}${delimiter}${process.env.PATH}` },
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
