// The entries that add types to every request must be found, also by the resolution that was the default of CommonJS up to
// TypeScript 5.9. An entry of its own, since it would change what the other files see.
import '@org/zitadel-auth-express/augment'
import '@org/zitadel-auth-fastify/augment'
import { createZitadelAuth } from '@org/zitadel-auth'
import { zitadelAuth } from '@org/zitadel-auth-fastify'
import express from 'express'
import { fastify } from 'fastify'

const auth = createZitadelAuth({ domain: 'example.com', keyFile: './api.json' })
express().get('/', (req, res) => {
  const userId: string | undefined = req.authorization?.userId
  res.json(userId)
})
const app = fastify()
app.register(zitadelAuth, { auth })
app.get('/', { config: { authorization: 'public' } }, (request) => request.authorization?.userId)
