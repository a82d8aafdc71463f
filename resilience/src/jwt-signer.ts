import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A key of ZITADEL, or of somebody else. */
export interface JwtSigner {
  /** The public half, as it is published. */
  readonly jwk: object
  /** Signs the claims of an access token, under the id of the key or another one. */
  sign(claims: object, keyId?: string): Promise<string>
}

/** Makes a {@link JwtSigner}. */
export async function createSigner(keyId: string): Promise<JwtSigner> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const always = { iss: 'https://zitadel.example', aud: ['project-1'], client_id: 'web', nbf: 1, jti: 'id' }
  return {
    jwk: { ...(await exportJWK(publicKey)), kid: keyId, alg: 'ES256', use: 'sig' },
    sign: (claims, kid = keyId) =>
      new SignJWT({ ...always, ...claims }).setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' }).sign(privateKey),
  }
}
