import type { Options } from 'tsup'

/** For `npm start`, which runs ES modules and nothing else, and waits for them. */
export const isEsmOnly = process.env['BUILD_ONLY'] === 'esm'

/** What a package is built into. */
export const formats: NonNullable<Options['format']> = isEsmOnly ? ['esm'] : ['esm', 'cjs']

/** What the builds of all packages have in common. */
export const base: Options = {
  target: 'node20',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  // tsup's type build sets baseUrl, which TypeScript 6 refuses without this (TS5101).
  dts: isEsmOnly ? false : { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  // Without it tsup's CommonJS output of classes with fields is not valid JavaScript.
  treeshake: !isEsmOnly,
  // Workers know no module called `crypto`, only `node:crypto`.
  removeNodeProtocol: false,
}
