import type { FastifyInstance } from 'fastify'
import { type Application, listen } from './application.js'
import { delays } from './delay.js'
import { createBehind, createFastify, find, observe } from './fastify-behind.js'
import { fastifyWays, type Way } from './fastify-ways.js'
import { http1 } from './http1.js'
import { http2 } from './http2.js'
import type { Journal } from './journal.js'

/** A way to write a hook that finishes a response. */
interface HookForm {
  readonly name: string
  add(app: FastifyInstance, journal: Journal): void
}

const withCallback: HookForm = {
  name: 'an onSend hook with a callback',
  add: (app, journal) =>
    app.addHook('onSend', (request, _reply, payload, done) => find(journal, request).answer(() => done(null, payload))),
}

const withPromise: HookForm = {
  name: 'an async onSend hook',
  add: (app, journal) =>
    app.addHook('onSend', async (request, _reply, payload) => {
      await new Promise<void>((resolve) => find(journal, request).answer(resolve))
      return payload
    }),
}

/** Fastify with every way to protect a route, and every way to finish a response late. */
export const fastifyApplications: readonly Application[] = fastifyWays.flatMap((way) => [
  createApplication(way, withCallback, 'HTTP/1.1'),
  createApplication(way, withPromise, 'HTTP/1.1'),
  createApplication(way, withPromise, 'HTTP/2'),
])

function createApplication(way: Way, form: HookForm, version: 'HTTP/1.1' | 'HTTP/2'): Application {
  return {
    name: `Fastify 5 over ${version}, ${way.name}, ${form.name}`,
    protocol: version === 'HTTP/2' ? http2 : http1,
    refuses: way.refuses,
    // A body that breaks off is an error, of which there is nobody left to tell.
    mayForget: ({ goneBefore }, { hasBody }) => way.readsBodyFirst === true && hasBody && goneBefore === 'guard',
    delays,
    async start(auth, journal) {
      const app = createFastify(version)
      observe(app, journal)
      form.add(app, journal)
      await way.protect(app, auth, createBehind(journal))
      await app.ready()
      return listen(app.server)
    },
  }
}
