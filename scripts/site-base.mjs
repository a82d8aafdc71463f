import { readFileSync } from 'node:fs'

const release = JSON.parse(readFileSync(new URL('../release.json', import.meta.url), 'utf8'))

/** The path at which the site is served, with a slash at both ends. */
export const base = new URL(release.site.name).pathname
