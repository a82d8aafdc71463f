import { defineConfig, type Options } from 'tsup'

const base: Options = {
  entry: ['src/index.ts'],
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

// Two builds run side by side, so neither may clean: the build script removes dist first.
export default defineConfig([
  { ...base, format: ['esm'] },
  { ...base, format: ['cjs'] },
])
