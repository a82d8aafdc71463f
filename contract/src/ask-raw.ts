import { connect } from 'node:net'

/** What came back on the connection; `status` is 0 where it was closed without an answer. */
export interface RawAnswer {
  readonly status: number
  /** Everything: status line, headers and body. */
  readonly text: string
}

/** Sends a header as it is, in UTF-8, and reads until the connection closes: any client for HTTP would refuse some. */
export function askRaw(url: string, authorization: string): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(url)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname)
    const finish = (): void => {
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    }
    socket
      .on('data', (chunk) => chunks.push(chunk))
      // A server that has refused a long header does not read its rest.
      .on('error', () => {})
      .on('close', finish)
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n`)
    socket.write(`Authorization: ${authorization}\r\n\r\n`)
  })
}
