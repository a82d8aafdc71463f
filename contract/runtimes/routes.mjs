// The routes of an application, for every runtime whose server takes a function from Request to Response: without a framework,
// and below /hono with one.
import { protect } from '@org/zitadel-auth-fetch'
import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-fetch/hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

/** Makes a function that answers requests. What the runtime gives beside a request, it gives to the handlers. */
export function createRoutes(auth) {
  const app = new Hono().basePath('/hono')
  app.use(cors({ origin: 'https://app.example' }), requireAuthorization(auth))
  app.get('/', (c) => c.json({ userId: getAuthorization(c).userId }))
  app.get('/admin', requireAuthorization(auth, { role: 'admin' }), (c) =>
    c.json({ userId: getAuthorization(c).userId }),
  )

  const show = (_request, { userId }) => Response.json({ userId })
  const handlers = { '/': protect(auth, true, show), '/admin': protect(auth, { role: 'admin' }, show) }
  return (request, ...rest) => {
    const { pathname } = new URL(request.url)
    return pathname.startsWith('/hono') ? app.fetch(request, ...rest) : handlers[pathname](request, ...rest)
  }
}
