import { once } from 'node:events'
import { type IncomingMessage, request as requestByHttp } from 'node:http'
import { request as requestByHttps } from 'node:https'

/** A request that the local ZITADEL has sent, and its outcome. */
export interface Delivery {
  /** The URL. */
  readonly url: string
  /** The headers as they were sent, so that a test can send them again. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as it was sent. */
  readonly body: string
  /** The status of the response; undefined if there was none within ten seconds. */
  readonly status: number | undefined
}

/** What is to be sent. */
export type Message = Omit<Delivery, 'status'>

export interface Outbox {
  /** Sends a message after those to the same URL that were there before. Never rejects. */
  send(message: Message): Promise<Delivery>
  /** Resolves when nothing is on its way any more. */
  untilDelivered(): Promise<void>
  /** Gives up what is on its way. */
  stop(): void
}

const TIMEOUT_MS = 10_000

export function createOutbox(): Outbox {
  const lastByUrl = new Map<string, Promise<Delivery>>()
  const stopping = new AbortController()
  return {
    send(message) {
      const before = lastByUrl.get(message.url) ?? Promise.resolve()
      const delivery = before.then(() => deliver(message, stopping.signal))
      lastByUrl.set(message.url, delivery)
      return delivery
    },
    async untilDelivered() {
      const known = [...lastByUrl.values()]
      await Promise.all(known)
      const isNew = (delivery: Promise<Delivery>) => !known.includes(delivery)
      // What was delivered may have caused more.
      if ([...lastByUrl.values()].some(isNew)) await this.untilDelivered()
    },
    stop: () => stopping.abort(),
  }
}

async function deliver(message: Message, stop: AbortSignal): Promise<Delivery> {
  const { url, headers, body } = message
  // AbortSignal.timeout() inside AbortSignal.any() may be collected as garbage before it fires.
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), TIMEOUT_MS)
  const signal = AbortSignal.any([stop, late.signal])
  const request = url.startsWith('https:') ? requestByHttps : requestByHttp
  try {
    // Not by fetch, which tests replace.
    const sent = request(url, { method: 'POST', headers, agent: false, signal })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    // The connection may fail after the answer has begun, when nobody else listens for it.
    sent.on('error', () => {})
    response.resume()
    await once(response, 'end')
    return { ...message, status: response.statusCode }
  } catch {
    return { ...message, status: undefined }
  } finally {
    clearTimeout(timer)
  }
}
