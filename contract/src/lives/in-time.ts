/** Nothing here takes a tenth of it. What hangs is told with its name, which the time limit of a test would not do. */
const patienceMs = 10_000

/** Gives undefined when something takes far too long. */
export async function inTime<Value>(something: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs)
  })
  return Promise.race([something, late]).finally(() => clearTimeout(timer))
}
