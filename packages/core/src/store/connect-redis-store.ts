import type { ConnectedStore, StoreOwner } from '../verification/shared-store.js'
import { createAnswerStore } from './answer-store.js'
import { createConnection } from './connection.js'
import { createMarkLog } from './mark-log.js'
import { createOwnMarks } from './own-marks.js'
import type { RedisStoreSettings } from './redis-store-options.js'
import { createSealings } from './sealing.js'
import { createStoreLog } from './store-log.js'
import { createSubscription } from './subscription.js'

/** A process that gets requests looks so often whether anything was revoked. */
const lookAgainMs = 1_000

/** Without a look in that time, nothing shows that a subscription is still alive. One look may be missing. */
const trustSubscriptionMs = 2 * lookAgainMs

/**
 * Connects a store to the process that uses it. Reading and writing are apart, since a store that is full, or a replica, can be read.
 * Touches no network: the first request does.
 */
export function connectRedisStore(settings: RedisStoreSettings, owner: StoreOwner): ConnectedStore {
  const { sendCommand, timeoutMs, prefix } = settings
  const { clock } = owner
  const channel = `${prefix}revoked`
  const sealings = createSealings(owner, prefix)
  const sealing = sealings('marks')
  const tell = createStoreLog(owner, timeoutMs)
  const reads = createConnection({ sendCommand, timeoutMs, clock, tell })
  const writes = createConnection({ sendCommand, timeoutMs, clock, tell })
  // Only a mark that has been read is missed when the store loses it.
  const onWritten = (): void => void reads.run(readMarks, 'unawaited')
  const own = createOwnMarks({ ...owner, writes, sealing, channel, onSealed: (sealed) => log.note(sealed), onWritten })
  const log = createMarkLog({ ...owner, reads, sealing, onLost: own.rewrite })
  const answers = createAnswerStore({ reads, writes, sealings, clock, readMarks })
  const subscription = createSubscription({
    ...settings,
    ...{ channel, clock, tell },
    onMessage: (message) => log.take(message.split(' ')),
  })
  let lookAtMs = Number.NEGATIVE_INFINITY
  let knownAtMs = Number.NEGATIVE_INFINITY
  let look: Promise<void> | undefined
  let isClosed = false

  async function readMarks(): Promise<void> {
    // The answer may come late, and knows nothing of what was revoked while it was under way.
    const beganMs = clock.elapsed()
    await log.read()
    knownAtMs = Math.max(knownAtMs, beganMs)
    lookAtMs = Math.max(lookAtMs, beganMs + lookAgainMs)
    own.flush()
  }

  function refresh(): Promise<void> | undefined {
    if (isClosed) return undefined
    subscription.start()
    if (clock.elapsed() >= lookAtMs) {
      // One that fails counts as well: in an outage requests wait once a second, and not all of them.
      lookAtMs = clock.elapsed() + lookAgainMs
      const started = reads.run(readMarks, 'unawaited').finally(() => {
        if (look === started) look = undefined
      })
      look = started
    }
    // Nobody waits for a store that is known not to answer.
    return reads.isOpen ? undefined : look
  }

  function catchUp(): Promise<void> | undefined {
    const underWay = refresh()
    if (underWay === undefined) return undefined
    const isTold = subscription.isBegun && clock.elapsed() < knownAtMs + trustSubscriptionMs
    return isTold ? undefined : underWay
  }

  return {
    async find(key, maxAgeMs) {
      if (isClosed || reads.isOpen) return void refresh()
      subscription.start()
      return answers.find(key, maxAgeMs)
    },
    keep: answers.keep,
    drop: answers.drop,
    forget: own.add,
    refresh,
    catchUp,
    close() {
      isClosed = true
      subscription.stop()
      own.stop()
    },
  }
}
