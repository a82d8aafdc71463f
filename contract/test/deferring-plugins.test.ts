import { expressPluginApplications } from '../src/lives/plugins/express-plugins.js'
import { fastifyPluginApplications } from '../src/lives/plugins/fastify-plugins.js'
import { honoPluginApplications } from '../src/lives/plugins/hono-plugins.js'
import { koaPluginApplications } from '../src/lives/plugins/koa-plugins.js'
import { describeLives } from './describe-lives.js'

describeLives([
  ...expressPluginApplications,
  ...fastifyPluginApplications,
  ...honoPluginApplications,
  ...koaPluginApplications,
])
