import { connect } from 'node:net'
import { type HttpShape, httpShapes, writeRequest } from './http-shape.js'
import { connectionLives } from './life.js'
import type { Outcome, Protocol } from './protocol.js'

/** HTTP/1.1, on a connection of its own for every request: a client for HTTP would not half-close it. */
export const http1: Protocol<HttpShape> = {
  shapes: httpShapes,
  lives: connectionLives,
  toStatus: (status) => status,
  open({ port, shape, headers }) {
    const text = writeRequest(shape, { connection: 'close', ...headers })
    const chunks: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const outcome = new Promise<Outcome>((resolve) => {
      socket
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => socket.end())
        .on('error', () => {})
        .on('close', () => resolve(readOutcome(Buffer.concat(chunks).toString('latin1'), shape)))
    })
    return {
      send: () => void socket.write(text),
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
      hangUp: () => void socket.destroy(),
      outcome,
    }
  },
}

function readOutcome(text: string, { method }: HttpShape): Outcome {
  if (text === '') return { status: undefined, isWhole: false }
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
    isWhole: isWhole(head, rest.join('\r\n\r\n'), method),
  }
}

function isWhole(head: string, body: string, method: string): boolean {
  if (method === 'HEAD') return body === ''
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return /(^|\r\n)0\r\n\r\n$/.test(body)
  return body.length === Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
}
