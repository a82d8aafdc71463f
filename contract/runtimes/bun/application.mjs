// An application as users of Bun write one, and the same for Hono. Says on which port it listens.
import process from 'node:process'
import { createZitadelAuth } from '@org/zitadel-auth'
import { createRoutes } from '../routes.mjs'

const auth = createZitadelAuth(JSON.parse(process.env.OPTIONS))
const { port } = Bun.serve({ port: 0, fetch: createRoutes(auth) })
process.stdout.write(`${port}\n`)
