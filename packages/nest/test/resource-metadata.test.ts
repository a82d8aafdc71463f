import { Controller, Get } from '@nestjs/common'
import { createZitadelAuth } from '@org/zitadel-auth'
import { describe, expect, it } from 'vitest'
import { Public, resourceMetadata, ZITADEL_AUTH } from '../src/index.js'
import { create, platforms, setUp } from './set-up.js'

@Controller('tasks')
class Tasks {
  @Get()
  list() {
    return 'tasks'
  }

  @Get('open')
  @Public()
  open() {
    return 'open'
  }
}

const path = '/.well-known/oauth-protected-resource/mcp'

describe.each(platforms)('resourceMetadata on %s', (_name, createAdapter) => {
  it('answers by the auth of the module, without a token, and outside of the global prefix', async () => {
    const { zitadel, key } = await setUp()
    const auth = createZitadelAuth({ domain: zitadel.issuer, key, resource: 'https://api.example.com/mcp' })
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.setGlobalPrefix('api')
    app.use(resourceMetadata(app.get(ZITADEL_AUTH)))
    await app.listen(0, '127.0.0.1')
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1')
    const ask = async (target: string) => (await fetch(url + target)).status
    expect([await ask(path), await ask(`/api${path}`), await ask('/api/tasks'), await ask('/api/tasks/open')]).toEqual([
      200, 404, 401, 200,
    ])
  })
})
