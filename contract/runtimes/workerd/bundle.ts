import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** What esbuild made of a worker. */
export interface Bundle {
  readonly code: string
  /** The files that are in it, relative to the root of the repository. */
  readonly files: readonly string[]
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

let bundled: Promise<Bundle> | undefined

/** Bundles the worker as the tools of its users do. */
export function bundleWorker(): Promise<Bundle> {
  bundled ??= bundle()
  return bundled
}

async function bundle(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'import'],
    external: ['node:*', 'cloudflare:*'],
    // The paths of this repository's tsconfig lead to the sources of the package.
    tsconfigRaw: '{}',
    write: false,
    metafile: true,
  })
  return { code: outputFiles[0]?.text ?? '', files: Object.keys(metafile.inputs) }
}
