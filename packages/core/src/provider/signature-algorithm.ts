/** The algorithms ZITADEL can sign with; none of them is symmetric, and `none` is none of them. */
export type SignatureAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

/** The public members of a JSON Web Key. */
export type PublicMembers = Readonly<Record<string, string>>

/** Tells whether a signature over a text of ASCII is that of a key. */
export type HasSigned = (text: string, signature: Uint8Array) => Promise<boolean>

/** RFC 7518 section 3.3: shorter keys must not be used. */
export const minModulusBits = 2_048
