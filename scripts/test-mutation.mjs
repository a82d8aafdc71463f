// npm run test:mutation: changes core in one small way after another, and counts the changes that its tests notice. With
// --fast only the guards are changed; --mutate <patterns> changes other files, to look at some while working on them.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fastGuards, isGuard } from '../resilience/mutation/guards.mjs'
import { install, root, runTool, stateFolder } from './workspace.mjs'

const leastPercent = 90

const { values } = parseArgs({ options: { fast: { type: 'boolean' }, mutate: { type: 'string' } } })

await install()

const reportPath = join(stateFolder, 'mutation.json')
rmSync(reportPath, { force: true })

const patterns = values.fast ? fastGuards.join() : values.mutate
const options = patterns === undefined ? [] : ['--mutate', patterns]
// The path starts at node_modules/.bin: Stryker is a dependency of the resilience tests alone.
const hasRun = runTool('../../resilience/node_modules/.bin/stryker', [
  'run',
  'resilience/mutation/stryker.config.mjs',
  ...options,
])

if (hasRun && existsSync(reportPath)) summarize(readMutants())
else {
  console.log('\nmutation: Stryker did not finish, its last words are above')
  process.exitCode = 1
}

function summarize(mutants) {
  const explanations = JSON.parse(readFileSync(join(root, 'resilience/mutation/explained.json'), 'utf8'))
  const survivors = mutants.filter(isSurvivor)
  const unexplained = survivors.filter((mutant) => !explanations.some((explanation) => isAbout(explanation, mutant)))
  const open = unexplained.filter(({ file }) => isGuard(file))
  const files = new Set(mutants.map(({ file }) => file))
  const outdated = explanations.filter(
    (explanation) =>
      files.has(explanation.file) &&
      !mutants.some((mutant) => isAbout(explanation, mutant) && mutant.status !== 'Killed'),
  )

  show(
    'no test notices',
    unexplained.filter((mutant) => !open.includes(mutant)),
  )
  show('no test notices, in a guard: kill them, or explain them in resilience/mutation/explained.json', open)
  show('explained in resilience/mutation/explained.json, but there is no such survivor', outdated)

  const count = (status) => mutants.filter((mutant) => mutant.status === status).length
  const percent = (100 * (mutants.length - survivors.length)) / mutants.length
  console.log(
    `\nmutation: score ${percent.toFixed(1)} %, ${toText(mutants.length)} mutants, ${toText(count('Killed'))} killed, ` +
      `${toText(count('Timeout'))} timed out, ${toText(survivors.length)} survived, ` +
      `${toText(survivors.length - unexplained.length)} of them explained`,
  )
  const isGood = percent >= leastPercent && open.length === 0 && outdated.length === 0
  process.exitCode = isGood ? 0 : 1
}

/**
 * Every mutant that says something of the tests, with the text that it replaces. Those that do not load are left out, as
 * are the words of errors (resilience/mutation/messages.mjs).
 */
function readMutants() {
  const { files } = JSON.parse(readFileSync(reportPath, 'utf8'))
  return Object.entries(files)
    .flatMap(([file, { source, mutants }]) => {
      const lines = source.split('\n')
      return mutants.map(({ status, mutatorName, replacement, location }) => ({
        file,
        status,
        mutator: mutatorName,
        number: location.start.line,
        line: lines[location.start.line - 1].trim(),
        original: cut(lines, location),
        replacement,
      }))
    })
    .filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status))
}

/** A place in a file is told from one that was never reached by nothing: both mean that no test would fail. */
function isSurvivor({ status }) {
  return status === 'Survived' || status === 'NoCoverage'
}

function isAbout(explanation, mutant) {
  return ['file', 'line', 'mutator', 'original', 'replacement'].every(
    (member) => explanation[member] === mutant[member],
  )
}

function cut(lines, { start, end }) {
  const text = lines.slice(start.line - 1, end.line)
  text[text.length - 1] = text.at(-1).slice(0, end.column - 1)
  text[0] = text[0].slice(start.column - 1)
  return text.join('\n')
}

function show(title, mutants) {
  if (mutants.length === 0) return
  console.log(`\n${title}:`)
  for (const { file, number, line, mutator, original, replacement } of mutants) {
    console.log(`  ${file}:${number ?? ''} ${mutator} in ${line}`)
    console.log(`    - ${original.replaceAll('\n', '\n      ')}`)
    console.log(`    + ${replacement.replaceAll('\n', '\n      ')}`)
  }
}

function toText(number) {
  return number.toLocaleString('en')
}
