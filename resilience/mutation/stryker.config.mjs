// Mutation testing of core: scripts/test-mutation.mjs runs this and reads the report.
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(import.meta.dirname, '../..')
const toPath = (specifier) => fileURLToPath(import.meta.resolve(specifier))

export default {
  plugins: [toPath('@stryker-mutator/vitest-runner'), toPath('./messages.mjs')],
  testRunner: 'vitest',
  vitest: { configFile: 'resilience/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // The doctor decides nothing about a request, and each of its tests starts a ZITADEL: they are not among those that are run here.
  mutate: ['packages/core/src/**/*.ts', '!**/*.test.ts', '!packages/core/src/{cli.ts,doctor/**}'],
  ignorers: ['messages'],

  // A mutant that loops for ever is found by what it counts; one that waits for ever is slow to tell from a busy machine.
  timeoutMS: 10_000,

  // What core's tests need, and nothing else, is copied to where Biome and Vitest do not look: a folder inside
  // node_modules would be taken for a dependency and left uncompiled.
  tempDirName: join(tmpdir(), 'zitadel-auth-mutation'),
  cleanTempDir: 'always',
  ignorePatterns: [
    '**',
    '!package.json',
    '!tsconfig*.json',
    '!vitest.aliases.ts',
    '!packages/*/package.json',
    '!packages/*/tsconfig*.json',
    '!packages/core/{src,test}/**',
    '!packages/testing/src/**',
    '!packages/testing/test/recorded/**',
    '!docs/observability.md',
    '!docs/grafana/**',
    '!resilience/mutation/vitest.config.ts',
  ],

  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: join(root, 'node_modules/.workspace/mutation.json') },
  allowConsoleColors: false,
  // Static mutants, such as those of a regular expression at the top of a file, cost a run of all tests of that file. The
  // guards are full of them, and the order of the tests makes most of those runs short.
  warnings: { slow: false },
}
