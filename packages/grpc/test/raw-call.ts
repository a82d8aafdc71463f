import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'

const headers = {
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/test.Kinds/Unary',
  ':authority': 'api',
  'content-type': 'application/grpc',
  te: 'trailers',
}
const message = Buffer.from([0, 0, 0, 0, 2, ...Buffer.from('{}')])

/** Sends a call with a value that the client of grpc-js refuses to send, and gives the code it ended with. */
export async function sendOddValue(port: number, authorization: string): Promise<number> {
  const session = connect(`http://127.0.0.1:${port}`)
  const { ':scheme': _scheme, ':authority': _authority, ...rest } = headers
  const stream = session.request({ ...rest, authorization })
  stream.end(message)
  const [answered] = await once(stream, 'response')
  session.destroy()
  return Number(answered['grpc-status'])
}

/** Sends a call with repeated `authorization`, which no client of Node.js does, and gives what came back. */
export async function sendRepeated(port: number, values: readonly string[]): Promise<string> {
  const socket = connectSocket(port, '127.0.0.1')
  const fields = [...Object.entries(headers), ...values.map((value) => ['authorization', value])]
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(toFrame('settings', 0, 0, Buffer.alloc(0)))
  socket.write(toFrame('headers', 0x4, 1, Buffer.concat(fields.map(([name = '', value = '']) => toField(name, value)))))
  socket.write(toFrame('data', 0x1, 1, message))
  let answer = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    answer += chunk.toString('latin1')
    // The answer is a list.
    if (answer.includes(']')) break
  }
  return answer
}

/** @see [RFC 9113 section 4.1](https://www.rfc-editor.org/rfc/rfc9113.html#section-4.1) */
function toFrame(type: 'data' | 'headers' | 'settings', flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = { data: 0, headers: 1, settings: 4 }[type]
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** @see [RFC 7541 section 6.2.2](https://www.rfc-editor.org/rfc/rfc7541.html#section-6.2.2): a literal that is not indexed */
function toField(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), toText(name), toText(value)])
}

/** The length of a text up to 126 bytes is one byte. */
function toText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])
}
