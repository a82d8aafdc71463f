import type { Application } from '../application.js'
import { badToken, missingRole, noToken, zitadelDown } from '../credentials.js'
import { http1 } from '../http1.js'
import type { Journal } from '../journal.js'
import type { SlowStore } from './slow-store.js'

/** What stands in front of the guard of an application of a framework. */
export interface Plugin<App, Installed = SlowStore | undefined>
  extends Pick<Application, 'delays' | 'failsToAnswer' | 'mayForget'> {
  readonly name: string
  install(app: App, journal: Journal): Installed
}

/** What the applications with plugins have in common. */
export const common = { protocol: http1, refuses: [noToken, badToken, missingRole, zitadelDown] } as const
