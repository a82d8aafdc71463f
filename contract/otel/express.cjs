const { printSpans } = require('./spans.cjs')
const { observe } = require('@org/zitadel-auth/otel')
const { createZitadelAuth } = require('@org/zitadel-auth')
const { requireAuthorization } = require('@org/zitadel-auth-express')
const { setUpGuide, startLocalZitadel } = require('@org/zitadel-auth-testing')
const express = require('express')

async function main() {
  observe()
  const zitadel = await startLocalZitadel()
  const { key, token } = setUpGuide(zitadel)
  const auth = createZitadelAuth({ domain: zitadel.issuer, key })
  const app = express()
  app.get('/me', requireAuthorization(auth), (_request, response) => response.json({}))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  for (const _ of [1, 2]) {
    await fetch(`http://127.0.0.1:${server.address().port}/me`, { headers: { authorization: `Bearer ${token}` } })
  }
  server.close()
  server.closeAllConnections()
  await zitadel.close()
  printSpans()
}

void main()
