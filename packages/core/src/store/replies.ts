import { Buffer } from 'node:buffer'

/** Reads a reply, or a message, that is a text. Some clients are set up to give bytes. */
export function toText(reply: unknown): string | undefined {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('latin1')
  return typeof reply === 'string' && reply !== '' ? reply : undefined
}

/** Reads a reply that is a list of texts. What else is in it is left out. */
export function toTexts(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.flatMap((each) => toText(each) ?? []) : []
}

/** What came is nothing that Redis answers. */
export class WrongReply extends Error {}
