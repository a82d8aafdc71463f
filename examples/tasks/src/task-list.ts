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

/**
 * Reads the task from a form or JSON body, else from the query.
 *
 * @param body - the parsed body, if there is one
 * @param url - the path and query of the request
 * @returns the task, trimmed; empty when there is none
 */
export function readTask(body: unknown, url: string): string {
  const hasTask = typeof body === 'object' && body !== null && Object.hasOwn(body, 'task')
  const value = hasTask ? (body as { task: unknown }).task : new URL(url, 'http://localhost').searchParams.get('task')
  const [first] = Array.isArray(value) ? value : [value]
  return typeof first === 'string' ? first.trim() : ''
}
