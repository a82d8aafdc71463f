import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { aliases } from '../../vitest.aliases.js'

const project = (name: string) => ({
  resolve: { alias: aliases },
  test: {
    name,
    root: join(import.meta.dirname, name),
    include: ['*.test.ts'],
    environment: 'node' as const,
    testTimeout: 60_000,
    // Before its first test an application is built for production.
    hookTimeout: 600_000,
  },
})

// Only `npm run test:runtimes` runs these: it fetches the runtime first, and says where it is by RUNTIME_FOLDER.
export default defineConfig({
  test: { projects: [project('workerd'), project('next'), project('bun'), project('deno')] },
})
