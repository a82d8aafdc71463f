import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** What esbuild made of a worker. */
export interface Bundle {
  readonly code: string
  /** The files that are in it, relative to the root of the repository. */
  readonly files: readonly string[]
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The workers that are tested: one that asks core, and one whose handlers are protected. */
export type WorkerFile = 'worker.ts' | 'protected-worker.ts'

const bundled = new Map<WorkerFile, Promise<Bundle>>()

/** Bundles a worker as the tools of its users do. */
export function bundleWorker(file: WorkerFile = 'worker.ts'): Promise<Bundle> {
  const bundling = bundled.get(file) ?? bundle(file)
  bundled.set(file, bundling)
  return bundling
}

async function bundle(file: WorkerFile): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
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
