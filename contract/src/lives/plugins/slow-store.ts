import type { Journal } from '../journal.js'

/** What these applications remember of a visitor: the exchange that came last. */
export interface Session {
  exchange?: string
}

type Done<Value> = (error?: unknown, value?: Value) => void

/** Sessions behind a network: reading one takes a turn of the event loop, and writing one what its exchange says. */
export interface SlowStore {
  get(id: string, done: Done<Session>): void
  set(id: string, session: Session, done: Done<never>): void
  destroy(id: string, done: Done<never>): void
  /** From now on every write fails, once it has taken its time. */
  breakDown(): void
}

/** Makes a {@link SlowStore}. */
export function createSlowStore(journal: Journal): SlowStore {
  const sessions = new Map<string, string>()
  let failure: Error | undefined
  return {
    get(id, done) {
      const found = sessions.get(id)
      setImmediate(() => done(null, found === undefined ? undefined : JSON.parse(found)))
    },
    set(id, session, done) {
      sessions.set(id, JSON.stringify(session))
      journal.find(session.exchange).answer(() => done(failure))
    },
    destroy(id, done) {
      sessions.delete(id)
      setImmediate(() => done())
    },
    breakDown() {
      failure = new Error('the store is out of order')
    },
  }
}
