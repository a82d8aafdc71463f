// npm run test:zitadel: the guide on every framework, every kind of token in every mode, revocation and new keys, against a
// real ZITADEL with --domain and --admin-token-file, and otherwise against the local one. What it makes there it removes,
// also when it fails, is stopped by Ctrl+C, or has been killed: then the next run does.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, install, root, stateFolder } from './workspace.mjs'

const usage = `npm run test:zitadel: runs the library against a ZITADEL

usage: npm run test:zitadel
       npm run test:zitadel -- --domain <your domain> --admin-token-file <path>

  --domain            a ZITADEL of version 4.6 or newer, such as my-domain.zitadel.cloud or http://localhost:8080.
                      Default: a local one of packages/testing
  --admin-token-file  a file with a personal access token of a service account that is IAM_OWNER there
  --help              this text`

const { domain, 'admin-token-file': tokenFile, help } = readFlags()
if (help) {
  console.log(usage)
  process.exit(0)
}
if ((domain === undefined) !== (tokenFile === undefined)) fail('--domain and --admin-token-file come together')
const adminToken = tokenFile === undefined ? undefined : readToken(tokenFile)

await install()
await build()

const journals = join(stateFolder, 'zitadel')
const target = domain === undefined ? undefined : await findTarget()
await target?.removeRemains()

let isStopped = false
const tests = runTests()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
const code = await new Promise((settle) => tests.on('close', settle))
const isClean = await removeOwn()
if (isStopped) console.log('\nstopped')
process.exitCode = code === 0 && isClean && !isStopped ? 0 : 1

function readFlags() {
  const text = { type: 'string' }
  try {
    const options = { domain: text, 'admin-token-file': text, help: { type: 'boolean' } }
    return parseArgs({ options }).values
  } catch (error) {
    return fail(error.message)
  }
}

/** The token is only looked at: the tests read it from the file, and nobody from the list of processes. */
function readToken(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) fail('--admin-token-file is not there, or is no file')
  const token = readFileSync(path, 'utf8').trim()
  return /^[\x21-\x7e]+$/.test(token) ? token : fail('--admin-token-file does not hold one token')
}

/** What was made in this ZITADEL by runs that have been killed, and what this one makes. */
async function findTarget() {
  const { openJournal, readOrigin, createCall, removeCreations } = await loadRemoval()
  const origin = toOrigin(readOrigin)
  const call = createCall(origin, adminToken)
  const prefix = createHash('sha256').update(origin).digest('hex').slice(0, 16)
  const remove = async (path) => {
    await removeCreations(call, openJournal(path))
    rmSync(path, { force: true })
    rmSync(toFolder(path), { recursive: true, force: true })
  }
  const own = join(journals, `${prefix}-${process.pid}.jsonl`)
  mkdirSync(toFolder(own), { recursive: true, mode: 0o700 })
  return {
    journal: own,
    folder: toFolder(own),
    removeOwn: () => remove(own),
    async removeRemains() {
      const names = readdirSync(journals).filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl'))
      for (const name of names.filter((each) => !isRunning(Number(/-(\d+)\.jsonl$/.exec(each)?.[1]))))
        await remove(join(journals, name)).catch(({ message }) => fail(`what an earlier run made is there: ${message}`))
    },
  }
}

/** Beside a journal: where the run has its key files, which are gone with it too. */
function toFolder(journal) {
  return journal.replace(/\.jsonl$/, '')
}

/** They are TypeScript, which Node.js 20 does not run by itself. */
async function loadRemoval() {
  const { runnerImport } = await import('vite')
  const path = join(root, 'contract/zitadel/administration/src/removal.ts')
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module
}

function toOrigin(readOrigin) {
  try {
    return readOrigin(domain)
  } catch (error) {
    return fail(`--domain: ${error.message}`)
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** In a process group of their own: Ctrl+C comes to this script alone, which ends them all and then removes what they made. */
function runTests() {
  const given = target && {
    ZITADEL_RUN_DOMAIN: domain,
    ZITADEL_RUN_ADMIN_TOKEN_FILE: resolve(tokenFile),
    ZITADEL_RUN_JOURNAL: target.journal,
    TMPDIR: target.folder,
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  return spawn(process.execPath, [vitest, 'run', '--project', 'zitadel'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, ...given },
  })
}

function stop() {
  isStopped = true
  try {
    process.kill(-tests.pid, 'SIGKILL')
  } catch {
    // They have ended, and the removal is under way.
  }
}

/** Tells whether nothing has stayed behind. */
async function removeOwn() {
  try {
    await target?.removeOwn()
    if (target) console.log('what this run made has been removed')
    return true
  } catch (error) {
    console.error(`what this run made has stayed behind, the next run tries again:\n${error.message}`)
    return false
  }
}

function fail(message) {
  console.error(`cannot run: ${message}`)
  process.exit(1)
}
