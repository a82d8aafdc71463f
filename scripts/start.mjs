// npm start: runs the tasks API, on a local ZITADEL unless --domain and --key name another.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { findNeeded, root } from './packages.mjs'
import { build, install } from './workspace.mjs'

const { framework, flags } = takeFramework(process.argv.slice(2))
if (flags.includes('--help')) explain()
const example = `examples/${framework === 'mcp' ? 'mcp' : `tasks-${framework}`}`
const main = join(root, example, 'dist/main.js')
if (!existsSync(join(root, example))) fail(`--framework must be one of ${listFrameworks().join(', ')}`)

endWithNpm()
const needed = findNeeded(example, 'packages/testing')
await install(needed)
await build(needed, 'esm')

const isRemote = flags.some((flag) => /^--(domain|key)(=|$)/.test(flag))
// A JWT holds the roles of the moment it was issued, so what takes nothing else needs a new token after the grant.
const takesOnlyJwts = /(^| )--verification[= ]jwt( |$)/.test(flags.join(' '))
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
  return readdirSync(join(root, 'examples'))
    .flatMap((name) => /^tasks-(.+)$|^(mcp)$/.exec(name)?.slice(1) ?? [])
    .filter(Boolean)
}

async function startLocal() {
  const { setUpGuide, startLocalZitadel } = await import('../packages/testing/dist/index.js')
  const zitadel = await startLocalZitadel()
  const { project, key, user, token } = setUpGuide(zitadel)
  // Inside the checkout, named for this process, and gone with the local ZITADEL it belongs to.
  const folder = join(root, '.local')
  mkdirSync(folder, { recursive: true })
  const keyFile = await zitadel.writeKeyFile(key, join(folder, `api-${process.pid}.json`))
  return {
    flags: ['--domain', zitadel.issuer, '--key', keyFile, '--project-id', project.id],
    close: async () => {
      await zitadel.close()
      rmSync(keyFile, { force: true })
    },
    describe(url) {
      if (framework === 'mcp') return describeLocalMcp({ url, zitadel, keyFile, user, token })
      if (takesOnlyJwts) return describeLocalJwts({ url, zitadel, keyFile, project })
      return describeLocal({ url, zitadel, keyFile, token })
    },
  }
}

function describeLocalMcp({ url, zitadel, keyFile, user, token }) {
  const client = `node ${relative('', main.replace(/main\.js$/, 'client.js'))} ${url}/mcp`
  const secret = zitadel.createServiceUserSecret(user)
  const addTask = `${client} "My new task" --issuer ${zitadel.issuer} --client-id ${user.loginName} --client-secret ${secret}`
  let isDown = false
  process.on('SIGUSR2', () => {
    isDown = !isDown
    void (isDown ? zitadel.pause() : zitadel.resume())
  })
  return `
A local ZITADEL is at ${zitadel.issuer}, the key file of this MCP server at ${keyFile}.
In another terminal, paste one line after the other. The client prints every answer on its way:

  ${client}
  ${addTask}

The last one may list the tasks, and misses the role admin to add one. Grant it, as you would in the ZITADEL Console, and try again:

  curl -i -X POST ${zitadel.issuer}/local/grants --data "role=admin"
  ${addTask}

An outage of ZITADEL, for a token that is not cached. The same signal ends it:

  kill -USR2 ${process.pid}
  ${client} --token '${token}'
  kill -USR2 ${process.pid}
`
}

function describeLocal({ url, zitadel, keyFile, token }) {
  const { healthz, list, listWithToken, addWithToken, addTask } = describeCalls(url)
  return `
A local ZITADEL is at ${zitadel.issuer}, the key file of this API at ${keyFile}.
In another terminal, paste a personal access token of its service account, and then one line after the other:

  token='${token}'

  ${healthz}
  ${list}
  ${listWithToken}
  ${addWithToken}

The last one misses the role admin. Grant it, as you would in the ZITADEL Console, and try again:

  curl -i -X POST ${zitadel.issuer}/local/grants --data "role=admin"
  ${addTask}
  ${listWithToken}
`
}

function describeLocalJwts({ url, zitadel, keyFile, project }) {
  const { healthz, list, listWithToken, addWithToken, addTask } = describeCalls(url)
  const user = zitadel.createServiceUser({ userName: 'tasks-client-jwt', accessTokenType: 'jwt' })
  const credentials = `${user.userName}:${zitadel.createServiceUserSecret(user)}`
  const scope = `openid urn:zitadel:iam:org:project:id:${project.id}:aud urn:zitadel:iam:org:projects:roles`
  const request = `curl -s -u ${credentials} ${zitadel.issuer}/oauth/v2/token -d grant_type=client_credentials -d "scope=${scope}"`
  const getToken = `token=$(${request} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`
  return `
A local ZITADEL is at ${zitadel.issuer}, the key file of this API at ${keyFile}.
In another terminal, get a JWT for its service account, and then paste one line after the other:

  ${getToken}

  ${healthz}
  ${list}
  ${listWithToken}
  ${addWithToken}

The last one misses the role admin. Grant it, as you would in the ZITADEL Console, get a JWT that has it, and try again:

  curl -i -X POST ${zitadel.issuer}/local/grants --data "user=${user.id}" --data "role=admin"
  ${getToken}
  ${addTask}
  ${listWithToken}
`
}

function describeRemote(url) {
  if (framework === 'mcp') return `\nThe address of the MCP server, for its clients: ${url}/mcp\n`
  const { healthz, listWithToken, addTask } = describeCalls(url)
  return `
In another terminal, with a personal access token of a service account in $token:

  ${healthz}
  ${listWithToken}
  ${addTask}
`
}

/** The calls of the guide, for a shell. */
function describeCalls(url) {
  return framework === 'grpc' ? describeGrpcCalls(url) : describeHttpCalls(url)
}

function describeHttpCalls(url) {
  const withToken = 'curl -i -H "Authorization: Bearer $token"'
  return {
    healthz: `curl -i ${url}/api/healthz`,
    list: `curl -i ${url}/api/tasks`,
    listWithToken: `${withToken} ${url}/api/tasks`,
    addWithToken: `${withToken} ${url}/api/add-task`,
    addTask: `${withToken} ${url}/api/add-task --data "task=My new task"`,
  }
}

function describeGrpcCalls(address) {
  const client = `node ${relative('', main.replace(/main\.js$/, 'client.js'))} ${address}`
  return {
    healthz: `${client} Healthz`,
    list: `${client} ListTasks`,
    listWithToken: `${client} ListTasks --token "$token"`,
    addWithToken: `${client} AddTask --token "$token"`,
    addTask: `${client} AddTask "My new task" --token "$token"`,
  }
}

/** A signal for npm alone ends npm and the shell between, and not this program: it looks whether its parent is still there. */
function endWithNpm() {
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === undefined) return
  const look = () => process.ppid === parent || process.kill(process.pid, 'SIGTERM')
  setInterval(look, 500).unref()
}

function explain() {
  console.log(`npm start: runs the tasks API of the guide, on a local ZITADEL

usage: npm start -- [--framework express] [--port 8089] [--cache-ttl SECONDS] [--verification introspection|jwt|auto]
       npm start -- --domain <your domain> --key <path of the key file> [--project-id ID] [the same]

  --framework     one of ${listFrameworks().join(', ')}
  --port          where the API listens (0 takes any free port)
  --cache-ttl     how long an answer of ZITADEL is used again (0 for not at all)
  --verification  how tokens are verified; jwt and auto need --project-id beside --domain
  --domain, --key the instance to use instead of a local ZITADEL, and the key file of the API
  --help          this text`)
  process.exit(0)
}

function fail(message) {
  console.error(`cannot start: ${message}`)
  process.exit(1)
}
