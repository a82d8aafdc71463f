import type { Clock } from '../src/internal/clock.js'
import type { SendCommand, Subscribe } from '../src/store/redis-store-options.js'

type Args = Parameters<SendCommand>[0]

/** The few commands of Redis that the store sends, in memory. */
export interface FakeRedis {
  readonly sendCommand: SendCommand
  readonly subscribe: Subscribe
  /** Every command so far. */
  readonly commands: Args[]
  /** Every message so far. */
  readonly messages: string[]
  readonly texts: Map<string, string>
  readonly lists: Map<string, string[]>
  /** Stands before every command: throw, or give a promise that fails or never settles. */
  before: (args: Args) => unknown
  /** Whether messages arrive. */
  isSubscribed: boolean
  flush(): void
  /** How many commands with this name there were. */
  count(name: string): number
}

/** Makes a {@link FakeRedis}. */
export function createFakeRedis(clock: Pick<Clock, 'now'>): FakeRedis {
  const texts = new Map<string, string>()
  const lists = new Map<string, string[]>()
  const untilMs = new Map<string, number>()
  const listeners = new Set<(message: string) => void>()
  const toList = (key: string): string[] => lists.get(key) ?? []

  function slice(key: string, from: string, to: string): string[] {
    const list = toList(key)
    const [first, last] = [Number(from), Number(to)].map((index) => (index < 0 ? list.length + index : index))
    return list.slice(Math.max(0, first as number), (last as number) + 1)
  }

  const commands: Readonly<Record<string, (...args: string[]) => unknown>> = {
    GET: (key = '') => {
      if ((untilMs.get(key) ?? Number.POSITIVE_INFINITY) <= clock.now()) texts.delete(key)
      return texts.get(key) ?? null
    },
    SET(key = '', value = '', _px, ms) {
      texts.set(key, value)
      untilMs.set(key, clock.now() + Number(ms))
      return 'OK'
    },
    DEL: (key = '') => Number(texts.delete(key)),
    LINDEX: (key = '', index) => toList(key)[Number(index)] ?? null,
    LRANGE: (key = '', from = '', to = '') => slice(key, from, to),
    LPUSH: (key = '', ...values) => lists.set(key, [...values.reverse(), ...toList(key)]).get(key)?.length,
    LREM: (key = '', _count, value) => {
      const list = toList(key)
      return list.splice(list.lastIndexOf(value ?? ''), 1).length
    },
    LTRIM: (key = '', from = '', to = '') => lists.set(key, slice(key, from, to)) && 'OK',
    PEXPIRE: () => 1,
    PUBLISH(_channel, message = '') {
      redis.messages.push(message)
      if (redis.isSubscribed) for (const listen of listeners) listen(message)
      return listeners.size
    },
  }

  const redis: FakeRedis = {
    commands: [],
    messages: [],
    texts,
    lists,
    before: () => {},
    isSubscribed: true,
    async sendCommand(args) {
      redis.commands.push(args)
      await redis.before(args)
      const [name, ...rest] = args
      return commands[name]?.(...rest)
    },
    async subscribe(_channel, listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    flush() {
      texts.clear()
      lists.clear()
    },
    count: (name) => redis.commands.filter(([sent]) => sent === name).length,
  }
  return redis
}
