import { runDoctor } from './doctor/run-doctor.js'
import { systemClock } from './internal/clock.js'

const { NO_COLOR = '', TERM } = process.env

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste the token, and end with Ctrl+D on a line of its own.\n')
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text
}

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
