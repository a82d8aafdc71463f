import { expect, it } from 'vitest'
import { badToken, goodToken, noToken } from '../src/lives/credentials.js'
import { expressApplications } from '../src/lives/express.js'
import { fastifyApplications } from '../src/lives/fastify.js'
import { fetchApplications } from '../src/lives/fetch.js'
import { honoApplications } from '../src/lives/hono.js'
import { httpShapes } from '../src/lives/http-shape.js'
import { http1 } from '../src/lives/http1.js'
import { koaApplications } from '../src/lives/koa.js'
import { createNestApplications } from '../src/lives/nest.js'
import { createNestApplications as createNest11Applications } from '../src/lives/nest.js?nest-11'
import { pipeline } from '../src/lives/pipeline.js'
import { expressPluginApplications } from '../src/lives/plugins/express-plugins.js'
import { fastifyPluginApplications } from '../src/lives/plugins/fastify-plugins.js'
import { honoPluginApplications } from '../src/lives/plugins/hono-plugins.js'
import { koaPluginApplications } from '../src/lives/plugins/koa-plugins.js'
import { describeApplications } from './describe-applications.js'

const applications = [
  ...[
    ...expressApplications,
    ...fastifyApplications,
    ...koaApplications,
    ...fetchApplications,
    ...honoApplications,
    ...createNest11Applications('Nest 11'),
    ...createNestApplications('Nest 12'),
  ].filter(({ protocol }) => protocol === http1),
  ...[
    ...expressPluginApplications,
    ...fastifyPluginApplications,
    ...honoPluginApplications,
    ...koaPluginApplications,
  ].filter(({ failsToAnswer }) => !failsToAnswer),
]

describeApplications(applications, ({ delays, refuses }, setup) => {
  it('keeps apart the requests that come on one connection without waiting for each other', async () => {
    const { servers, uncaught } = setup()
    const turns = [badToken, goodToken, noToken, badToken].filter((one) => one === goodToken || refuses.includes(one))
    const pipelines = delays
      .filter(({ isEndless }) => !isEndless)
      .flatMap((delay) => httpShapes.map((shape) => pipeline(servers, { shape, delay, turns })))
    const expected = turns.map((credentials) => ({ status: credentials.status, isHandled: credentials === goodToken }))
    expect(await Promise.all(pipelines)).toEqual(pipelines.map(() => expected))
    expect(uncaught.take()).toEqual([])
  })
})
