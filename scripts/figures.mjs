// The figures that long runs leave behind, one line each: how many cases, calls and so on there were.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stateFolder } from './workspace.mjs'

const folder = join(stateFolder, 'figures')

/** Removes what earlier runs left. */
export function clearFigures() {
  rmSync(folder, { recursive: true, force: true })
}

/** Gives the figures of one run; undefined where it left none. */
export function readFigures(run) {
  const file = join(folder, `${run}.txt`)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Gives the figures of all runs. */
export function readAllFigures() {
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  return files.map((file) => file.slice(0, -'.txt'.length)).map((run) => `${run}: ${readFigures(run)}`)
}
