type Values = Readonly<Record<string, unknown>>

/** Writes lines like `2023/12/04 10:27:42 INFO server listening addr=http://localhost:8089`. */
export const log = {
  info: (message: string, values?: Values) => write('INFO', message, values),
  warn: (message: string, values?: Values) => write('WARN', message, values),
  error: (message: string, values?: Values) => write('ERROR', message, values),
}

function write(level: string, message: string, values: Values = {}): void {
  const pairs = Object.entries(values).map(([name, value]) => ` ${name}=${toValue(value)}`)
  console.log(`${toTimestamp(new Date())} ${level} ${message}${pairs.join('')}`)
}

/** A value from a request must not look like a line or a pair of its own. */
function toValue(value: unknown): string {
  const text = String(value)
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text)
}

function toTimestamp(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('/')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
