import type { Clock } from '../src/internal/clock.js'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Lets time pass, and wakes those whose sleep is over. */
  advanceSeconds(seconds: number): void
  /** Sets the clock forward, or back, by so many seconds, in which no time passes. */
  setNowSeconds(seconds: number): void
  /** Resolves as soon as somebody sleeps; alarms do not count. */
  untilSleeping(): Promise<void>
}

interface Sleeper {
  readonly untilMs: number
  readonly wake: () => void
}

/** Makes a {@link ManualClock}. It starts on the first day of 2026. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs
  let elapsedMs = 1_000_000
  let sleepers: readonly Sleeper[] = []
  let alarms: readonly Sleeper[] = []
  let watchers: readonly (() => void)[] = []

  function wakeThoseWhoAreDue(): void {
    const isDue = ({ untilMs }: Sleeper): boolean => untilMs <= elapsedMs
    const due = [...sleepers.filter(isDue), ...alarms.filter(isDue)]
    sleepers = sleepers.filter((sleeper) => !isDue(sleeper))
    alarms = alarms.filter((alarm) => !isDue(alarm))
    for (const { wake } of due) wake()
  }

  function tellWatchers(): void {
    const told = watchers
    watchers = []
    for (const tell of told) tell()
  }

  return {
    now: () => nowMs,
    elapsed: () => elapsedMs,
    sleep: (ms) =>
      new Promise<void>((wake) => {
        sleepers = [...sleepers, { untilMs: elapsedMs + ms, wake }]
        wakeThoseWhoAreDue()
        tellWatchers()
      }),
    after(ms, run) {
      const alarm = { untilMs: elapsedMs + ms, wake: run }
      alarms = [...alarms, alarm]
      return () => {
        alarms = alarms.filter((other) => other !== alarm)
      }
    },
    setNowSeconds(seconds) {
      nowMs += Math.round(seconds * 1_000)
    },
    advanceSeconds(seconds) {
      nowMs += Math.round(seconds * 1_000)
      elapsedMs += Math.round(seconds * 1_000)
      wakeThoseWhoAreDue()
    },
    untilSleeping: () =>
      new Promise<void>((resolve) => {
        watchers = [...watchers, resolve]
        if (sleepers.length > 0) tellWatchers()
      }),
  }
}
