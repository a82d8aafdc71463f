import { hash } from 'node:crypto'

const lifetimeSeconds = 43_200

/**
 * The least that a cache by digest can do: read the header, hash the token, look it up, and compare when it expires. A token
 * is believed the first time: what verifying it costs is another question.
 *
 * @returns a function that takes the header and gives what is known of its token
 */
export function createMinimalGate() {
  const known = new Map()

  function remember(digest) {
    const entry = { sub: '278000000000000001', exp: Date.now() / 1_000 + lifetimeSeconds }
    known.set(digest, entry)
    return entry
  }

  return (header) => {
    if (header === undefined) return undefined
    const digest = hash('sha256', header.slice('Bearer '.length), 'base64url')
    const entry = known.get(digest) ?? remember(digest)
    return entry.exp > Date.now() / 1_000 ? entry : undefined
  }
}
