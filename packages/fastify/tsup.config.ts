import { defineConfig } from 'tsup'
import { base, formats } from '../../tsup.base.js'

export default defineConfig({
  ...base,
  entry: ['src/index.ts', 'src/augment.ts'],
  format: formats,
})
