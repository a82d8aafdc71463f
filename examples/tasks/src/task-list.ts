import type { AuthorizationContext } from '@org/zitadel-auth'
import { log } from './log.js'

/** The tasks of everybody, as the API answers them. */
export interface TaskList {
  /** Gives the tasks. An admin also reads where to add one; no task at all leaves `tasks` away. */
  list(context: AuthorizationContext): { readonly tasks?: readonly string[] }
  /** Adds a task. Gives the status and the message to answer with. */
  add(task: string, context: AuthorizationContext): { readonly status: 200 | 400; readonly message: string }
}

/**
 * Makes an empty {@link TaskList}.
 *
 * @param hint - what an admin reads after the tasks
 */
export function createTaskList(hint = 'create a new task on /api/add-task'): TaskList {
  const tasks: string[] = []
  return {
    list(context) {
      log.info('user accessed task list', { id: context.userId, username: context.username ?? '' })
      const shown = context.isGrantedRole('admin') ? [...tasks, hint] : tasks
      return shown.length === 0 ? {} : { tasks: [...shown] }
    },
    add(task, context) {
      if (task === '') return { status: 400, message: 'task must not be empty' }
      tasks.push(task)
      log.info('admin added task', { id: context.userId, username: context.username ?? '', task })
      return { status: 200, message: `task \`${task}\` added` }
    },
  }
}
