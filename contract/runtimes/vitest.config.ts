import { defineConfig } from 'vitest/config'
import { aliases } from '../../vitest.aliases.js'

// Only `npm run test:runtimes` runs these: it fetches the runtime first, and tells where it is by RUNTIME_FOLDER.
export default defineConfig({
  resolve: { alias: aliases },
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    // The production build of an application is made before its first test.
    hookTimeout: 600_000,
  },
})
