import type { Clock } from '../internal/clock.js'
import { type DoctorArguments, readArguments } from './arguments.js'
import { examine } from './examine.js'
import { printSteps } from './print-steps.js'
import { readSetUp } from './read-set-up.js'
import type { Step } from './step.js'
import { toCommand } from './to-command.js'
import { toJson } from './to-json.js'
import { usage } from './usage.js'
import { UsageError } from './usage-error.js'
import { wrap } from './wrap.js'

/** The terminal, as far as the program uses it. */
export interface Terminal {
  print(text: string): void
  complain(text: string): void
  /** Reads the standard input to its end. */
  readInput(): Promise<string>
  readonly hasColors: boolean
}

/** Runs `zitadel-auth` and gives its exit code: 0 all is well, 1 something is wrong, 2 it was called wrongly. */
export async function runDoctor(argv: readonly string[], terminal: Terminal, clock: Clock): Promise<0 | 1 | 2> {
  try {
    const given = readArguments(argv)
    if (given === undefined) {
      terminal.print(usage)
      return 0
    }
    const steps = await examine(await readSetUp(given, { readInput: () => terminal.readInput(), clock }))
    terminal.print(given.json ? toJson({ ok: !hasFailed(steps), steps }) : toText(steps, { given, argv, terminal }))
    return hasFailed(steps) ? 1 : 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    if (argv.includes('--json')) terminal.print(toJson({ ok: false, error: error.message }))
    // In a line of its own, so that it can be copied.
    terminal.complain(`${[...wrap(`zitadel-auth: ${error.message}`, 78), help].join('\n  ')}\n`)
    return 2
  }
}

const help = 'see npx @org/zitadel-auth doctor --help'

function hasFailed(steps: readonly Step[]): boolean {
  return steps.some(({ status }) => status === 'failed')
}

interface Run {
  readonly given: DoctorArguments
  readonly argv: readonly string[]
  readonly terminal: Terminal
}

const page = 'https://github.com/org/zitadel-auth/blob/main/docs/troubleshooting.md'

function toText(steps: readonly Step[], { given, argv, terminal }: Run): string {
  const lines = printSteps(steps, terminal)
  if (hasFailed(steps)) return `${lines}\n\nMore about what is marked with ✗:\n  ${page}\n`
  if (given.tokenFile !== undefined) return `${lines}\n`
  return `${lines}\n\nNext, paste a token into:\n  ${toCommand([...argv, '--token', '-'])}\n`
}
