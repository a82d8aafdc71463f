import { defineConfig } from 'vitest/config'
import { hasRedisServer } from './scripts/redis-server.mjs'
import { aliases, nest11, nest11Copies } from './vitest.aliases.js'

// The timeout is for a machine that is busy with something else: no test waits for it.
const project = (name: string, folder: string) => ({
  resolve: { alias: aliases },
  test: {
    name,
    root: folder,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node' as const,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    // Half of the time goes into waiting for programs that tests start: no processor need be kept free.
    maxWorkers: '100%',
    projects: [
      project('core', 'packages/core'),
      project('express', 'packages/express'),
      project('fastify', 'packages/fastify'),
      project('koa', 'packages/koa'),
      project('fetch', 'packages/fetch'),
      project('grpc', 'packages/grpc'),
      project('nest', 'packages/nest'),
      { ...project('nest-11', 'packages/nest'), resolve: { alias: [...aliases, nest11] } },
      project('testing', 'packages/testing'),
      { ...project('contract', 'contract'), plugins: [nest11Copies] },
      project('zitadel', 'contract/zitadel'),
      project('administration', 'contract/zitadel/administration'),
      // Without redis-server, `npm test` says that these have not run.
      ...(hasRedisServer() ? [project('store', 'contract/store')] : []),
      project('benchmarks', 'benchmarks'),
      { ...project('resilience', 'resilience'), plugins: [nest11Copies] },
      project('tasks', 'examples/tasks'),
      project('tasks-grpc', 'examples/tasks-grpc'),
      project('mcp', 'examples/mcp'),
    ],
  },
})
