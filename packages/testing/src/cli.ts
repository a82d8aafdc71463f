import { constants } from 'node:os'
import { readErrorCode } from './cli/cli-error.js'
import { runCli } from './cli/run-cli.js'

const stopping = new AbortController()

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one ends the program at once, as usual, and as an exit, which removes the key file.
    if (stopping.signal.aborted) process.exit(128 + constants.signals[signal])
    stopping.abort()
  })
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    // Nobody reads any more, as behind `| true`.
    if (readErrorCode(error) !== 'EPIPE') throw error
    stopping.abort()
  })
}

// No top-level await: this file is built for CommonJS too.
void runCli(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  stop: stopping.signal,
}).then((exitCode) => {
  process.exitCode = exitCode
})
