import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'

const base: Options = {
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
  target: 'node20',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  // tsup's type build sets baseUrl, which TypeScript 6 refuses without this (TS5101).
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  // Without it tsup's CommonJS output of classes with fields is not valid JavaScript.
  treeshake: true,
  // Workers know no module called `crypto`, only `node:crypto`.
  removeNodeProtocol: false,
}

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

// The builds run side by side, so none may clean: the build script removes dist first.
export default defineConfig([
  { ...base, format: ['esm'] },
  { ...base, format: ['cjs'] },
  {
    ...base,
    outDir: 'dist/worker',
    format: ['esm'],
    dts: false,
    external: ['cloudflare:workers'],
    esbuildPlugins: [workerFiles],
  },
  // The program is nobody's import, and shares no file with what is.
  { ...base, entry: { cli: 'src/cli.ts' }, format: ['esm'], dts: false },
])
