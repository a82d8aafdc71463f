import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import '../src/augment.js'
import { createZitadelAuth } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { optionalAuthorization, requireAuthorization } from '../src/index.js'

describe('the augment entry', () => {
  it('gives every request an authorization member, which neither JSON nor a spread shows', async () => {
    await using zitadel = await startLocalZitadel()
    const { key, token, user } = setUpGuide(zitadel)
    const auth = createZitadelAuth({ domain: zitadel.issuer, key })
    const app = express()
    app.get('/open', (req, res) => void res.json({ userId: req.authorization?.userId ?? null }))
    app.get('/optional', optionalAuthorization(auth), (req, res) => {
      res.json({ userId: req.authorization?.userId ?? null, spread: 'authorization' in { ...req } })
    })
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ask = async (path: string) =>
      (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json()

    expect(await ask('/open')).toEqual({ userId: null })
    expect(await ask('/optional')).toEqual({ userId: user.id, spread: false })
    server.closeAllConnections()
    server.close()
  })

  it('does so whatever copy of Express an application uses, and without any', async () => {
    await using zitadel = await startLocalZitadel()
    const { key, token, user } = setUpGuide(zitadel)
    const guard = requireAuthorization(createZitadelAuth({ domain: zitadel.issuer, key }))
    const server = createServer((req, res) => {
      guard(req, res as never, () => void res.end(String(Reflect.get(req, 'authorization').userId)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.text()).toBe(user.id)
    server.closeAllConnections()
    server.close()
  })
})
