import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { base, isEsmOnly } from '../../tsup.base.js'

const core: Options = {
  ...base,
  // By their names in `exports`. What several need is in a file that they share: there is one AuthorizationError.
  entry: [
    'src/index.ts',
    'src/adapter.ts',
    'src/client.ts',
    'src/events.ts',
    'src/openapi.ts',
    'src/otel.ts',
    'src/redis.ts',
    'src/mcp.ts',
  ],
}

/** The program is nobody's import, and shares no file with what is. */
const program: Options = { ...base, entry: { cli: 'src/cli.ts' }, format: ['esm'], dts: false }

/** Takes `name.worker.ts` in the place of `name.ts`, wherever there is one: what Node.js has and workers have not. */
const workerFiles: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'worker files',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path.replace(/\.js$/, '.worker.ts'))
      return existsSync(file) ? { path: file } : undefined
    })
  },
}

const forRequire: Options = { ...core, format: ['cjs'] }

const forWorkers: Options = {
  ...core,
  outDir: 'dist/worker',
  format: ['esm'],
  dts: false,
  external: ['cloudflare:workers'],
  esbuildPlugins: [workerFiles],
}

// The builds run side by side, so none may clean: the build script removes dist first.
export default defineConfig([{ ...core, format: ['esm'] }, program, ...(isEsmOnly ? [] : [forRequire, forWorkers])])
