import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const examples = fileURLToPath(new URL('../..', import.meta.url))

/** The frameworks that have a tasks API over HTTP. */
export const frameworks = readdirSync(examples)
  .flatMap((name) => /^tasks-(.+)$/.exec(name)?.[1] ?? [])
  .filter((framework) => framework !== 'grpc')

/** A program that runs, or has ended. */
export interface Program {
  /** What it printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string }
  /** Resolves with the first match in what it prints on stdout. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  readonly kill: (signal: 'SIGINT' | 'SIGTERM') => Promise<number | null>
}

/** Runs the built tasks API of a framework. */
export function runTasks(framework: string, ...flags: readonly string[]): Program {
  return run(fileURLToPath(new URL(`../../tasks-${framework}/dist/main.js`, import.meta.url)), flags)
}

/** Runs a program with Node.js. */
export function run(main: string, flags: readonly string[]): Program {
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout = collect(child, 'stdout')
  const stderr = collect(child, 'stderr')
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    output: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
    printed: stdout.matches,
    ended,
    kill: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

/** Collects what a process prints. */
export function collect(child: ChildProcess, name: 'stdout' | 'stderr') {
  let text = ''
  const stream = child[name]
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const matches = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text)
        if (match !== null) resolve(match)
      }
      stream?.on('data', look).on('end', () => reject(new Error(`the program ended without printing ${pattern}`)))
      look()
    })
  return { text: () => text, matches }
}
