import { randomBytes } from 'node:crypto'

/**
 * Makes a token that looks like ZITADEL's opaque ones: a JWE of five segments that starts with `eyJ`, as a JWT does.
 *
 * Nothing is encrypted: the server finds the token by the exact string, and every segment after the header is random.
 *
 * @param plaintextLength the length of what ZITADEL would have encrypted, so that the token is as long as a real one.
 * @param header further members of the header: personal access tokens name a `kid`.
 */
export function createOpaqueToken(plaintextLength: number, header: Readonly<Record<string, string>> = {}): string {
  const protectedHeader = { alg: 'A256GCMKW', enc: 'A256GCM', iv: random(12), ...header, tag: random(16) }
  const encodedHeader = Buffer.from(JSON.stringify(protectedHeader)).toString('base64url')
  return [encodedHeader, random(32), random(12), random(plaintextLength), random(16)].join('.')
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
