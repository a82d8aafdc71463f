import { toPrintable } from './wrap.js'

/** Writes a call of this program so that it can be pasted into a shell: an option a line, since paths are long. */
export function toCommand(argv: readonly string[]): string {
  const words = argv.map((argument) => `${argument.startsWith('--') ? '\\\n    ' : ''}${toShellWord(argument)}`)
  return ['npx @org/zitadel-auth', ...words].join(' ')
}

function toShellWord(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${toPrintable(argument).replaceAll("'", "'\\''")}'`
}
