import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import { expect, it, onTestFinished } from 'vitest'
import { Authorize, ZITADEL_AUTH, ZitadelAuthModule } from '../src/index.js'
import { ask, listen, setUp } from './set-up.js'

const production = createZitadelAuth({ domain: 'production.invalid', clientId: 'a', clientSecret: 'b' })

@Injectable()
class Orders {
  @Inject(ZITADEL_AUTH) readonly auth!: ZitadelAuth
}

@Controller()
class OrdersController {
  @Get()
  @Authorize({ role: 'admin' })
  list() {
    return 'orders'
  }
}

const parts = { controllers: [OrdersController], providers: [Orders] }

@Module({ imports: [ZitadelAuthModule.forRoot({ auth: production })], ...parts })
class WithOptions {}

@Module({ imports: [ZitadelAuthModule.forRootAsync({ useFactory: async () => ({ auth: production }) })], ...parts })
class WithFactory {}

it.each([
  ['forRoot', WithOptions],
  ['forRootAsync', WithFactory],
])('a test overrides ZITADEL_AUTH for the guard, the filter and what is injected: %s', async (_, AppModule) => {
  const { auth, token, adminToken } = await setUp()
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(ZITADEL_AUTH)
    .useValue(auth)
    .compile()
  const app = module.createNestApplication({ logger: false })
  onTestFinished(() => app.close())
  const url = await listen(app)

  expect(app.get(Orders).auth).toBe(auth)
  expect(await ask(url)).toMatchObject({ status: 401 })
  expect(await ask(url, token)).toMatchObject({ status: 403 })
  expect(await ask(url, adminToken)).toMatchObject({ status: 200, body: 'orders' })
})
