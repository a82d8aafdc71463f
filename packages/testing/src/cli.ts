import { runCli } from './cli/run-cli.js'

const stopping = new AbortController()
// Once: a second ctrl+c ends the program at once, as usual.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

// No top-level await: this file is built for CommonJS too.
void runCli(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  stop: stopping.signal,
}).then((exitCode) => {
  process.exitCode = exitCode
})
