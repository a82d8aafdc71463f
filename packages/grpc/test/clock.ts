import type { Clock } from '@org/zitadel-auth'

/** Time that moves by hand, and its alarms with it. */
export interface HandClock extends Clock {
  advanceSeconds(seconds: number): void
  /** How many alarms are set. */
  alarms(): number
  /** How long after it was set each alarm rings, of those that are set. */
  delaysMs(): readonly number[]
}

/** Makes a {@link HandClock}. */
export function createHandClock(): HandClock {
  let nowMs = Date.now()
  const alarms = new Set<{ readonly atMs: number; readonly ms: number; readonly run: () => void }>()
  return {
    now: () => nowMs,
    elapsed: () => nowMs,
    sleep: () => Promise.reject(new Error('nobody sleeps in this package')),
    after(ms, run) {
      const alarm = { atMs: nowMs + ms, ms, run }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    advanceSeconds(seconds) {
      nowMs += seconds * 1_000
      for (const alarm of [...alarms].filter(({ atMs }) => atMs <= nowMs)) {
        alarms.delete(alarm)
        alarm.run()
      }
    },
    alarms: () => alarms.size,
    delaysMs: () => [...alarms].map(({ ms }) => ms),
  }
}
