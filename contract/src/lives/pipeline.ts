import { once } from 'node:events'
import { connect } from 'node:net'
import type { Credentials } from './credentials.js'
import type { Delay } from './delay.js'
import { type HttpShape, writeRequest } from './http-shape.js'
import { exchangeHeader } from './journal.js'
import type { Servers } from './servers.js'

/** What became of one of several requests on a connection. */
export interface Turn {
  readonly status: number | undefined
  readonly isHandled: boolean
}

/** Sends requests one behind the other, without waiting for answers, and tells what became of each. */
export async function pipeline(
  servers: Servers,
  { shape, delay, turns }: { readonly shape: HttpShape; readonly delay: Delay; readonly turns: readonly Credentials[] },
): Promise<readonly Turn[]> {
  const server = servers.find({ isZitadelDown: false, allowsHalfOpen: false })
  const requests = turns.map((credentials, index) => {
    const { id, exchange } = servers.journal.open({ delay })
    const connection = index === turns.length - 1 ? 'close' : 'keep-alive'
    const authorization = credentials.authorization(servers.tokens) ?? ''
    return {
      exchange,
      text: writeRequest(shape, { connection, authorization, ...server.headers, [exchangeHeader]: id }),
    }
  })
  const socket = connect(server.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).write(requests.map(({ text }) => text).join(''))
  await once(socket, 'close')
  const statuses = [
    ...Buffer.concat(chunks)
      .toString('latin1')
      .matchAll(/HTTP\/1\.1 (\d{3}) /g),
  ].map(([, status]) => Number(status))
  return requests.map(({ exchange }, index) => ({
    status: statuses[index],
    isHandled: exchange.ran.includes('the handler'),
  }))
}
