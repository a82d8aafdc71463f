import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type NodeBody, readBody, readNodeBody } from './read-body.js'

const toRequest = (chunks: readonly string[], kept: object = {}) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), kept) as Readable & NodeBody

const toText = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString())

describe('readBody', () => {
  it('gives the bytes of a body that is as long as it may be', async () =>
    expect(toText(await readBody(toRequest(['ab', 'cd']), 4))).toBe('abcd'))

  it('gives nothing of one that is longer', async () =>
    expect(await readBody(toRequest(['ab', 'cde']), 4)).toBeUndefined())

  it('gives no bytes of an empty one', async () => expect(toText(await readBody(toRequest([]), 4))).toBe(''))
})

describe('readNodeBody', () => {
  it('gives the bytes of a body', async () =>
    expect(toText(await readNodeBody(toRequest(['ab', 'cd']), 4))).toBe('abcd'))

  it('leaves the connection of a body that is too long, so that its sender hears the answer', async () => {
    const request = toRequest(['abc', 'def', 'ghi'])
    const ended = once(request, 'end')
    expect(await readNodeBody(request, 4)).toBeUndefined()
    expect(request.destroyed).toBe(false)
    await ended
  })

  it.each(['rawBody', 'body'])('takes what a parser has kept as %s', async (name) => {
    const request = toRequest(['abcd'], { [name]: Buffer.from('abcd') })
    expect(toText(await readNodeBody(request, 4))).toBe('abcd')
    expect(await readNodeBody(request, 3)).toBeUndefined()
  })

  it('says that a parser has read the body, where it is gone', async () => {
    const request = toRequest(['{}'], { body: {} })
    await request.toArray()
    await expect(readNodeBody(request, 4)).rejects.toThrow(
      new TypeError(
        'the body was read before by a parser, and its bytes are gone: put the endpoint before the parser, or let that keep them',
      ),
    )
  })

  it('says the same where somebody has set an encoding: what is read then are no bytes', async () => {
    const request = Readable.from(['{}'], { encoding: 'utf8' }) as never

    await expect(readNodeBody(request, 4)).rejects.toThrow(/the body was read before by a parser/)
  })

  it('reads where a parser that did not want the body has left its own mark', async () =>
    expect(toText(await readNodeBody(toRequest(['ab'], { body: {} }), 4))).toBe('ab'))
})
