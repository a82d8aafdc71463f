import { type IncomingMessage, request } from 'node:http'

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What to send. `fetch` would join repeated headers and refuse odd ones. */
export interface Question {
  readonly method?: string
  /** The value of `Authorization`; a list is sent as repeated headers. */
  readonly authorization?: string | readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Sends a request and reads the whole answer. */
export function ask(url: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', authorization, headers = {}, body } = question
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, headers })
    if (authorization !== undefined) sent.setHeader('Authorization', authorization as string | string[])
    sent.on('error', reject).on('response', (answer) => {
      const chunks: Buffer[] = []
      answer
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
    })
    sent.end(body)
  })
}
