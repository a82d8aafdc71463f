import type { Clock } from '../src/internal/clock.js'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves the time, also back, and wakes those whose sleep is over. */
  advanceSeconds(seconds: number): void
  /** Resolves as soon as somebody sleeps. */
  untilSleeping(): Promise<void>
}

interface Sleeper {
  readonly untilMs: number
  readonly wake: () => void
}

/** Makes a {@link ManualClock}. It starts on the first day of 2026. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs
  let sleepers: readonly Sleeper[] = []
  let watchers: readonly (() => void)[] = []

  function wakeThoseWhoAreDue(): void {
    const due = sleepers.filter(({ untilMs }) => untilMs <= nowMs)
    sleepers = sleepers.filter(({ untilMs }) => untilMs > nowMs)
    for (const { wake } of due) wake()
  }

  function tellWatchers(): void {
    const told = watchers
    watchers = []
    for (const tell of told) tell()
  }

  return {
    now: () => nowMs,
    sleep: (ms) =>
      new Promise<void>((wake) => {
        sleepers = [...sleepers, { untilMs: nowMs + ms, wake }]
        wakeThoseWhoAreDue()
        tellWatchers()
      }),
    advanceSeconds(seconds) {
      nowMs += Math.round(seconds * 1_000)
      wakeThoseWhoAreDue()
    },
    untilSleeping: () =>
      new Promise<void>((resolve) => {
        watchers = [...watchers, resolve]
        if (sleepers.length > 0) tellWatchers()
      }),
  }
}
