import { expressApplications } from '../src/lives/express.js'
import { fastifyApplications } from '../src/lives/fastify.js'
import { fetchApplications } from '../src/lives/fetch.js'
import { honoApplications } from '../src/lives/hono.js'
import { http1 } from '../src/lives/http1.js'
import { koaApplications } from '../src/lives/koa.js'
import { describeLives } from './describe-lives.js'

const applications = [
  ...expressApplications,
  ...fastifyApplications,
  ...koaApplications,
  ...fetchApplications,
  ...honoApplications,
]

describeLives(applications.filter(({ protocol }) => protocol === http1))
