/** Something the person at the terminal can put right. The message says what is wrong and what to do, in one line. */
export class CliError extends Error {}

/** The code of a system error, like `EADDRINUSE`. */
export function readErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
