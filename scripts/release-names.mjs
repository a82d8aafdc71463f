// npm run release:names: carries the names of release.json into every tracked file, and says where placeholders are left.
import { isUtf8 } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const file = 'release.json'
const names = JSON.parse(readFileSync(join(root, file), 'utf8'))

const forms = {
  scope: { pattern: /^@[a-z0-9][a-z0-9._-]*$/, example: '@acme' },
  repository: { pattern: /^[\w-]+\/[\w.-]+$/, example: 'acme/zitadel-auth-node' },
  site: { pattern: /^https:\/\/[\w.-]+\/([\w.-]+\/)*$/, example: 'https://acme.github.io/zitadel-auth-node/' },
  copyright: { pattern: /^[^\\"\n]+$/, example: '"2027 Acme Ltd"' },
}

const { check, help, ...given } = readFlags()
if (help) explain()
else if (check) checkNames()
else rename()

function readFlags() {
  const text = { type: 'string' }
  const options = { ...Object.fromEntries(Object.keys(forms).map((name) => [name, text])) }
  try {
    return parseArgs({ options: { ...options, check: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    return fail(error.message)
  }
}

function rename() {
  const next = Object.entries(names).map(([key, { name, placeholder }]) => {
    const to = given[key] ?? name
    if (to !== placeholder && !forms[key].pattern.test(to)) fail(`--${key} must be like ${forms[key].example}`)
    return { key, to, from: [...new Set([name, placeholder])].filter((each) => each !== to) }
  })
  const replace = createReplacement(next)
  const changed = readTracked().filter(({ path, text }) => {
    const renamed = replace(text)
    if (renamed !== text) writeFileSync(join(root, path), renamed)
    return renamed !== text
  })
  for (const { key, to } of next) names[key].name = to
  // Last, so that a run that was interrupted can be run again.
  writeFileSync(join(root, file), `${JSON.stringify(names, null, 2)}\n`)

  for (const { key, to } of next) console.log(`${key}: ${to}${to === names[key].placeholder ? ' (a placeholder)' : ''}`)
  console.log(
    changed.length === 0
      ? 'nothing to change'
      : `${changed.length} files changed: run npm run format, which sorts imports by name, and npm test`,
  )
}

function checkNames() {
  const kept = Object.entries(names).filter(([, { name, placeholder }]) => name === placeholder)
  for (const [key, { name }] of kept) console.log(`${file}: the ${key} is still ${name}`)
  const found = readTracked().flatMap(findPlaceholders)
  for (const { path, placeholder, lines } of found) console.log(`${path}: ${placeholder} in line ${lines.join(', ')}`)
  if (kept.length + found.length > 0) fail('placeholders are left: see npm run release:names -- --help')
  console.log('no placeholder is left')
}

function findPlaceholders({ path, text }) {
  return Object.values(names).flatMap(({ placeholder }) => {
    const pattern = toPattern([placeholder])
    const lines = text.split('\n').flatMap((line, index) => (line.search(pattern) === -1 ? [] : [index + 1]))
    return lines.length === 0 ? [] : [{ path, placeholder, lines }]
  })
}

/** All at once: a new name may hold an old one. */
function createReplacement(next) {
  const pairs = next.flatMap(({ from, to }) => from.map((each) => [trim(each), trim(to)]))
  if (pairs.length === 0) return (text) => text
  const to = new Map(pairs)
  return (text) =>
    text.replace(toPattern([...to.keys()]), (match) => {
      const name = to.get(match.replaceAll('\\', ''))
      return match.includes('\\') ? name.replace(/[/.]/g, '\\$&') : name
    })
}

/** Names where they are no part of a longer one, also as a regular expression has them: with a backslash before / and dot. */
function toPattern(all) {
  return new RegExp(`(?:${all.map(toSource).join('|')})(?![\\w-]|\\.(?!git\\b)\\w)`, 'g')
}

function toSource(name) {
  // A dot before makes a domain longer, and is nothing to a scope.
  const longer = name.startsWith('@') ? '[\\w-]' : '[\\w.@-]'
  const source = trim(name)
    .replace(/[$^*+?()[\]{}|]/g, '\\$&')
    .replace(/[/.]/g, '\\\\?\\$&')
  return `(?<!${longer})${source}`
}

/** An address is found without the slash at its end too. */
function trim(name) {
  return name.replace(/\/$/, '')
}

/** The texts that git knows, but for the file of the names. */
function readTracked() {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) fail('git does not list the files of this checkout')
  return stdout
    .split('\0')
    .filter((path) => path !== '' && path !== file && lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, bytes: readFileSync(join(root, path)) }))
    .filter(({ bytes }) => isUtf8(bytes) && !bytes.includes(0))
    .map(({ path, bytes }) => ({ path, text: bytes.toString() }))
}

function explain() {
  const flags = Object.entries(forms).map(([name, { example }]) => `--${name} ${example}`)
  const uses = Object.entries(names).map(([key, value]) => `  ${key.padEnd(10)}  ${value.name}: ${value.for}`)
  console.log(`npm run release:names: gives the project its own names

usage: npm run release:names -- ${flags.join(' ')}
       npm run release:names -- --check

${file} holds the names. A run replaces them, and what is left of their placeholders, in every tracked file:

${uses.join('\n')}

  --check     changes nothing, says where placeholders are left, and fails if there is one`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
