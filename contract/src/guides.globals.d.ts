// What the examples of the guides take for granted.
import type { ZitadelAuth } from '@org/zitadel-auth'
import type { Express, RequestHandler } from 'express'

declare global {
  const auth: ZitadelAuth
  const app: Express
  const token: string
  const secrets: { read(name: string): Promise<string> }
  const metrics: { observe(name: string, value: number, labels: Readonly<Record<string, string>>): void }
  const fetchThroughProxy: (url: URL, init: object) => Promise<Response>
  const showProfile: RequestHandler
  const listCustomers: RequestHandler
  const listTasks: RequestHandler
  const listOrders: RequestHandler
  const listReports: RequestHandler
  const exportTasks: RequestHandler
  const changePassword: RequestHandler
}
