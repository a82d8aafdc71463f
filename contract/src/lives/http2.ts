import { connect, constants } from 'node:http2'
import { describeBody, type HttpShape, httpShapes } from './http-shape.js'
import { streamLives } from './life.js'
import type { Outcome, Protocol } from './protocol.js'

/** HTTP/2, where a request can end and its connection go on. */
export const http2: Protocol<HttpShape> = {
  shapes: httpShapes.filter(({ name }) => name === 'GET' || name === 'POST with a body'),
  lives: streamLives,
  toStatus: (status) => status,
  open({ port, shape, headers }) {
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => {})
    const stream = session.request(
      { ':method': shape.method, ':path': '/', ...headers, ...describeBody(shape) },
      { endStream: false },
    )
    const outcome = new Promise<Outcome>((resolve) => {
      let status: number | undefined
      let isWhole = false
      stream
        .on('response', (received) => {
          status = Number(received[':status'])
        })
        .on('end', () => {
          isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR
        })
        .on('error', () => {})
        .on('close', () => {
          session.destroy()
          resolve({ status, isWhole })
        })
        .resume()
    })
    return {
      send: () => void stream.end(shape.body),
      end: () => {},
      reset: () => void stream.close(constants.NGHTTP2_CANCEL),
      hangUp: () => void session.destroy(),
      outcome,
    }
  },
}
