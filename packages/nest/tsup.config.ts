import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  // tsup's type build sets baseUrl, which TypeScript 6 refuses without this (TS5101).
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  treeshake: true,
  // Workers know no module called `crypto`, only `node:crypto`.
  removeNodeProtocol: false,
})
