const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Writes a number of seconds as a person says it: in days, hours or minutes from two of them on. */
export function toDuration(seconds: number): string {
  for (const [unit, length] of units) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${unit}s`
  }
  return `${Math.max(0, Math.floor(seconds))} s`
}
