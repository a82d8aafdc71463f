import { fastifyApplications } from '../src/lives/fastify.js'
import { grpcApplications } from '../src/lives/grpc.js'
import { honoApplications } from '../src/lives/hono.js'
import { http2 } from '../src/lives/http2.js'
import { koaApplications } from '../src/lives/koa.js'
import { describeLives } from './describe-lives.js'

const applications = [...fastifyApplications, ...koaApplications, ...honoApplications].filter(
  ({ protocol }) => protocol === http2,
)

describeLives([...applications, ...grpcApplications])
