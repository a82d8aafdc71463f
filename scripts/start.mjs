// npm start: runs the tasks API, on a local ZITADEL unless --domain and --key name another.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build, install, root } from './workspace.mjs'

const { framework, flags } = takeFramework(process.argv.slice(2))
const main = join(root, `examples/tasks-${framework}`, 'dist/main.js')
if (!existsSync(join(root, `examples/tasks-${framework}`)))
  fail(`--framework must be one of ${listFrameworks().join(', ')}`)

install()
build()

const isRemote = flags.some((flag) => /^--(domain|key)(=|$)/.test(flag))
const local = isRemote ? undefined : await startLocal()
const api = spawn(process.execPath, [main, ...(local?.flags ?? []), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => api.kill(signal))

createInterface({ input: api.stdout }).on('line', (line) => {
  console.log(line)
  const url = / server listening, .* addr=(\S+)$/.exec(line)?.[1]
  if (url !== undefined) console.log(local?.describe(url) ?? describeRemote(url))
})

api.on('close', async (code, signal) => {
  await local?.close()
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)
})

function takeFramework(argv) {
  const index = argv.findIndex((flag) => /^--framework(=|$)/.test(flag))
  if (index === -1) return { framework: 'express', flags: argv }
  const [, inline] = argv[index].split('=')
  return { framework: inline ?? argv[index + 1] ?? '', flags: argv.toSpliced(index, inline === undefined ? 2 : 1) }
}

function listFrameworks() {
  return readdirSync(join(root, 'examples')).flatMap((name) => /^tasks-(.+)$/.exec(name)?.[1] ?? [])
}

async function startLocal() {
  const { setUpGuide, startLocalZitadel } = await import('../packages/testing/dist/index.js')
  const zitadel = await startLocalZitadel()
  const { key, token } = await setUpGuide(zitadel)
  // Inside the checkout, and gone with the local ZITADEL it belongs to.
  const folder = join(root, '.local')
  mkdirSync(folder, { recursive: true })
  const keyFile = await zitadel.writeKeyFile(key, join(folder, 'api.json'))
  return {
    flags: ['--domain', zitadel.issuer, '--key', keyFile],
    close: async () => {
      await zitadel.close()
      rmSync(folder, { recursive: true, force: true })
    },
    describe: (url) => describeLocal({ url, zitadel, keyFile, token }),
  }
}

function describeLocal({ url, zitadel, keyFile, token }) {
  return `
A local ZITADEL is at ${zitadel.issuer}, the key file of this API at ${keyFile}.
In another terminal, paste a personal access token of its service user, and then one line after the other:

  token='${token}'

  curl -i ${url}/api/healthz
  curl -i ${url}/api/tasks
  curl -i -H "Authorization: Bearer $token" ${url}/api/tasks
  curl -i -H "Authorization: Bearer $token" ${url}/api/add-task

The last one misses the role admin. Grant it, as you would in the ZITADEL Console, and try again:

  curl -i -X POST ${zitadel.issuer}/local/grants --data "role=admin"
  curl -i -H "Authorization: Bearer $token" ${url}/api/add-task --data "task=My new task"
  curl -i -H "Authorization: Bearer $token" ${url}/api/tasks
`
}

function describeRemote(url) {
  return `
In another terminal, with a personal access token of a service user in $token:

  curl -i ${url}/api/healthz
  curl -i -H "Authorization: Bearer $token" ${url}/api/tasks
  curl -i -H "Authorization: Bearer $token" ${url}/api/add-task --data "task=My new task"
`
}

function fail(message) {
  console.error(`cannot start: ${message}`)
  process.exit(1)
}
