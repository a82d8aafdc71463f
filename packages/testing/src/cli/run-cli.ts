import { once } from 'node:events'
import { tmpdir } from 'node:os'
import type { ApplicationKey } from '../administration/applications.js'
import { setUpGuide } from '../guide.js'
import { type LocalZitadel, startLocalZitadel } from '../local-zitadel.js'
import { type CliArguments, readArguments, USAGE } from './arguments.js'
import { CliError, readErrorCode } from './cli-error.js'
import { writeKeyFileTo } from './key-file.js'

/** The terminal, as far as the program uses it. */
export interface Terminal {
  print(text: string): void
  complain(text: string): void
  /** Aborts when the program shall end. */
  readonly stop: AbortSignal
}

/** Runs `zitadel-local` until it is stopped and gives its exit code. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { help, ...settings } = readArguments(argv)
    if (help) terminal.print(USAGE)
    else await runServer(settings, terminal)
    return 0
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    terminal.complain(`zitadel-local: ${error.message}\n`)
    return 1
  }
}

async function runServer({ port, ...keyChoice }: Omit<CliArguments, 'help'>, { print, stop }: Terminal): Promise<void> {
  const zitadel = await start(port)
  try {
    print(await describeSetUp(zitadel, keyChoice))
    if (!stop.aborted) await once(stop, 'abort')
  } finally {
    await zitadel.close()
  }
}

function start(port: number): Promise<LocalZitadel> {
  return startLocalZitadel({ port }).catch((cause: unknown) => {
    const advice = 'choose another port with --port'
    if (readErrorCode(cause) === 'EADDRINUSE')
      throw new CliError(`port ${port} is in use: stop the other program, or ${advice}`, { cause })
    throw new CliError(`cannot listen on port ${port} (${readErrorCode(cause)}): ${advice}`, { cause })
  })
}

type KeyChoice = Pick<CliArguments, 'keyPath' | 'force'>

async function describeSetUp(zitadel: LocalZitadel, { keyPath, force }: KeyChoice): Promise<string> {
  const { key, user, token } = setUpGuide(zitadel)
  const keyFile = await (keyPath === undefined
    ? writeTemporaryKeyFile(zitadel, key)
    : writeKeyFileTo(keyPath, key, { force }))
  return `a local ZITADEL is listening, press ctrl+c to stop

issuer      ${zitadel.issuer}
key file    ${keyFile}
token       ${token}
grant role  curl --data 'role=admin&user=${user.userName}' ${zitadel.issuer}/local/grants
`
}

function writeTemporaryKeyFile(zitadel: LocalZitadel, key: ApplicationKey): Promise<string> {
  return zitadel.writeKeyFile(key).catch((cause: unknown) => {
    const code = readErrorCode(cause)
    throw new CliError(`cannot write a key file to ${tmpdir()} (${code}): choose a file with --key`, { cause })
  })
}
