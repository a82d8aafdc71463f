import { defineConfig, type Options } from 'tsup'
import { base, isEsmOnly } from '../../tsup.base.js'

const testing: Options = { ...base, entry: ['src/index.ts', 'src/cli.ts'] }

// Two builds run side by side, so neither may clean: the build script removes dist first.
export default defineConfig([
  { ...testing, format: ['esm'] },
  // jose is ESM only: the CommonJS build carries a copy, so that it loads where require(esm) is off, as in Jest.
  ...(isEsmOnly ? [] : [{ ...testing, format: ['cjs' as const], noExternal: ['jose'] }]),
])
