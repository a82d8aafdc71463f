// How much of a library there is: bundled, minified and compressed, and installed with everything it depends on.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { toCount } from '../lib/figures.mjs'
import { findInstalled } from '../lib/installed.mjs'
import { libraries } from '../lib/libraries.mjs'

export async function measureGroup() {
  const figures = {}
  for (const name of libraries) {
    const { packages, bytes } = findInstalled(name)
    figures[`bundle.${name}.gzip`] = toCount('bytes', await measureBundle(name))
    figures[`installed.${name}.size`] = toCount('bytes', bytes)
    figures[`installed.${name}.packages`] = toCount('packages', packages)
  }
  return figures
}

async function measureBundle(name) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name}'`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}
