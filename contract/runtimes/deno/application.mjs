// An application as users of Deno write one, and the same for Hono. Says on which port it listens.
import process from 'node:process'
import { createZitadelAuth } from '@org/zitadel-auth'
import { createRoutes } from '../routes.mjs'

const auth = createZitadelAuth(JSON.parse(process.env.OPTIONS))
Deno.serve({ port: 0, onListen: ({ port }) => process.stdout.write(`${port}\n`) }, createRoutes(auth))
