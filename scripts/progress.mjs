// Says what is being done, and how long it took: `Building @org/zitadel-auth … 6.1 s`. What is done side by side gets lines of its own.
let openLabel

/** Runs a step under its label. */
export async function showTime(label, step) {
  endLine()
  process.stdout.write(`${label} …`)
  openLabel = label
  const startedAt = performance.now()
  const result = await step()
  const time = `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
  if (openLabel !== label) endLine()
  process.stdout.write(openLabel === label ? ` ${time}\n` : `${label} … ${time}\n`)
  openLabel = undefined
  return result
}

/** Ends the line of a step that is still under way. */
export function endLine() {
  if (openLabel !== undefined) process.stdout.write('\n')
  openLabel = undefined
}
