import type { IncomingMessage } from 'node:http'
import { All, Controller, Req, Res } from '@nestjs/common'
import { createTaskList, readTask } from '@org/example-tasks'
import type { AuthorizationContext } from '@org/zitadel-auth'
import { Authorization, Authorize, Public } from '@org/zitadel-auth-nest'
import type { Response } from 'express'
import { respond } from './respond.js'

@Controller('api')
export class TasksController {
  readonly #tasks = createTaskList()

  @All('healthz')
  @Public()
  healthz(@Res() response: Response) {
    respond(response, 200, 'OK')
  }

  @All('tasks')
  list(@Authorization() authorization: AuthorizationContext, @Res() response: Response) {
    respond(response, 200, this.#tasks.list(authorization))
  }

  @All('add-task')
  @Authorize({ role: 'admin' })
  async add(
    @Authorization() authorization: AuthorizationContext,
    @Req() request: IncomingMessage,
    @Res() response: Response,
  ) {
    const { status, message } = this.#tasks.add(await readTask(request), authorization)
    respond(response, status, message)
  }
}
