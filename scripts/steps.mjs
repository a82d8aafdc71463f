// Steps of the shell, that run side by side and end with this program.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './packages.mjs'
import { endLine, showTime } from './progress.mjs'

const isWindows = process.platform === 'win32'
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const running = new Set()

/** Runs a line of the shell, with the programs of node_modules/.bin, as a script of package.json has them. Without it, nothing goes on. */
export async function runStep(label, line, { folder = '.', env = {} } = {}) {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const { isSuccess, output } = await showTime(label, () =>
    runChild(line, { cwd: join(root, folder), env: { ...process.env, PATH: path, ...env } }),
  )
  if (isSuccess) return
  endChildren()
  process.stderr.write(`${output}\n${label} failed: the output of \`${line}\` in ${join(root, folder)} is above.\n`)
  process.exit(1)
}

function runChild(line, { cwd, env }) {
  return new Promise((resolve) => {
    // In a process group of its own, which ends as a whole.
    const child = spawn(line, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: true, detached: !isWindows })
    add(child)
    const printed = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk))
    child.on('error', (error) => printed.push(Buffer.from(error.message)))
    child.on('close', (code) => {
      remove(child)
      resolve({ isSuccess: code === 0, output: Buffer.concat(printed).toString() })
    })
  })
}

function add(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, endBySignal)
  running.add(child)
}

function remove(child) {
  running.delete(child)
  if (running.size === 0) for (const signal of signals) process.off(signal, endBySignal)
}

/** Ends as this program would have ended by itself, and nothing stays behind. */
function endBySignal(signal) {
  endLine()
  endChildren()
  for (const each of signals) process.off(each, endBySignal)
  process.kill(process.pid, signal)
}

function endChildren() {
  for (const child of running) {
    try {
      if (isWindows) child.kill()
      else process.kill(-child.pid, 'SIGTERM')
    } catch {
      // It has ended, and its output is still on its way.
    }
  }
}
