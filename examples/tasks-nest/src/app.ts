import type { RequestListener } from 'node:http'
import { Module } from '@nestjs/common'
import { APP_FILTER, NestFactory } from '@nestjs/core'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { ZitadelAuthModule } from '@org/zitadel-auth-nest'
import { ErrorFilter } from './error-filter.js'
import { TasksController } from './tasks-controller.js'

/** Makes the tasks API: a public route, one for every good token, and one for admins. */
export async function createTasksApi(auth: ZitadelAuth): Promise<RequestListener> {
  @Module({
    imports: [ZitadelAuthModule.forRoot({ auth })],
    controllers: [TasksController],
    providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
  })
  class AppModule {}

  // The body is left to the one reader of all examples.
  const app = await NestFactory.create(AppModule, { bodyParser: false, logger: false, abortOnError: false })
  await app.init()
  return app.getHttpAdapter().getInstance()
}
