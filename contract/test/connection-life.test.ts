import { expressApplications } from '../src/lives/express.js'
import { fastifyApplications } from '../src/lives/fastify.js'
import { fetchApplications } from '../src/lives/fetch.js'
import { honoApplications } from '../src/lives/hono.js'
import { http1 } from '../src/lives/http1.js'
import { koaApplications } from '../src/lives/koa.js'
import { createNestApplications } from '../src/lives/nest.js'
import { createNestApplications as createNest11Applications } from '../src/lives/nest.js?nest-11'
import { describeLives } from './describe-lives.js'

const applications = [
  ...expressApplications,
  ...fastifyApplications,
  ...koaApplications,
  ...fetchApplications,
  ...honoApplications,
  ...createNest11Applications('Nest 11'),
  ...createNestApplications('Nest 12'),
]

describeLives(applications.filter(({ protocol }) => protocol === http1))
