import { ask } from '../../ask.js'
import type { RunningApplication } from '../application.js'
import { atOnce } from '../delay.js'
import { exchangeHeader, type Journal } from '../journal.js'

/** Gives every request what browsers bring: the cookie of a session, if there are any, and that it may be compressed. */
export async function logIn(running: RunningApplication, journal: Journal): Promise<RunningApplication> {
  const { id } = journal.open({ delay: atOnce })
  const { headers } = await ask(`http://127.0.0.1:${running.port}/login`, { headers: { [exchangeHeader]: id } })
  const cookies = headers['set-cookie'] ?? []
  return {
    ...running,
    headers: { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; '), 'accept-encoding': 'gzip' },
  }
}
