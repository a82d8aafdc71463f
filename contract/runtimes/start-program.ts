import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { StartApplication } from './describe-answers.js'

const programs = join(process.env['RUNTIME_FOLDER'] ?? '', 'node_modules/.bin')

/**
 * Runs an application that says on which port it listens.
 *
 * @param name - the folder of the application, and the program of the runtime
 * @param flags - what comes before the file
 */
export function createStart(name: string, flags: readonly string[]): StartApplication {
  return async (options) => {
    const file = fileURLToPath(new URL(`${name}/application.mjs`, import.meta.url))
    const child = spawn(join(programs, name), [...flags, file], {
      env: { ...process.env, OPTIONS: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(child, 'close')
    onTestFinished(async () => {
      child.kill()
      await ended
    })
    const [port] = await once(createInterface(child.stdout), 'line')
    return { url: `http://127.0.0.1:${port}` }
  }
}
