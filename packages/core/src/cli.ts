import { maxInputBytes } from './doctor/read-short-file.js'
import { runDoctor } from './doctor/run-doctor.js'
import { systemClock } from './internal/clock.js'

const { NO_COLOR = '', TERM } = process.env

/** Somewhat more than it may have: who reads on has something else than a token. */
async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste the token, and end with Ctrl+D on a line of its own.\n')
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.length > maxInputBytes) break
  }
  return text
}

let isLost = false
process.stderr.on('error', () => {})
// A reader that has gone, as `head` does, has what it wanted.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return
  isLost = true
  process.stderr.write(`zitadel-auth: the output cannot be written (${code})\n`)
})
process.on('exit', () => {
  if (isLost && process.exitCode === 0) process.exitCode = 1
})

process.exitCode = await runDoctor(
  process.argv.slice(2),
  {
    print: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
    readInput,
    hasColors: process.stdout.isTTY === true && NO_COLOR === '' && TERM !== 'dumb',
  },
  systemClock,
)
