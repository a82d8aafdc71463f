/** How tokens are verified. */
export type Mode = 'introspection' | 'jwt' | 'auto'

/** What becomes of a request: it is let pass, or refused with a code. */
export type Outcome =
  | 'accepted'
  | 'ERR_TOKEN_INVALID'
  | 'ERR_REQUEST_MALFORMED'
  | 'ERR_TOKEN_TOO_LONG'
  | 'ERR_PERMISSION_DENIED'
  | 'ERR_PROVIDER_UNAVAILABLE'

/** The libraries that are run on the corpus beside this one. */
export type OtherLibrary = 'jose' | 'aws-jwt-verify'

/** One token that somebody might send. */
export interface CorpusToken {
  /** What is wrong with it, as the end of "a token …". */
  readonly name: string
  /** Why that matters. */
  readonly reason: string
  readonly recipe: Recipe
  readonly expected: Readonly<Record<Mode, Outcome>>
  /** The role that the request needs. Default: `admin`, which the tokens of the corpus have unless their recipe says otherwise. */
  readonly role?: string
  /** Who accepts it although we refuse it, and why we do. */
  readonly acceptedBy?: Readonly<Partial<Record<OtherLibrary, string>>>
  /** Where the HTTP server refuses the request itself, before any framework sees it. */
  readonly refusedByServer?: true
}

/**
 * How to make a token. Texts may hold `{issuer}`, `{client}`, `{project}`, `{organization}`, `{kid}`, `{now}`,
 * `{now+600}` and `{publicJwk}`. A text that is nothing but `{now+600}` becomes a number, `{text:now+600}` stays a text.
 */
export type Recipe = SignedRecipe | IssuedRecipe | TextRecipe

/** A token that we sign ourselves, with keys of which ZITADEL publishes some. */
export interface SignedRecipe {
  readonly from: 'keys'
  /** Members of the header to add or replace. `alg` and `kid` are those of the key, `typ` is `JWT`. */
  readonly header?: object
  readonly withoutHeader?: readonly string[]
  /** Members of the payload to add or replace. Without any it is a good access token of an admin. */
  readonly payload?: object
  readonly withoutPayload?: readonly string[]
  /** What to replace in the JSON of the header or the payload; each must be found. */
  readonly headerEdits?: readonly (readonly [from: string, to: string])[]
  readonly payloadEdits?: readonly (readonly [from: string, to: string])[]
  /** The whole text, or its bytes in hexadecimal. */
  readonly headerText?: string
  readonly payloadText?: string
  readonly payloadHex?: string
  readonly utf16?: 'header' | 'payload'
  /** Default: RS256. */
  readonly key?: KeyName
  /** How to sign, where that is not how the key signs. */
  readonly sign?: Signing
  readonly edits?: readonly Edit[]
}

/** A token that the local ZITADEL hands out. */
export interface IssuedRecipe {
  readonly from: 'zitadel'
  readonly token: IssuedToken
  readonly edits?: readonly Edit[]
}

/** Any text. */
export interface TextRecipe {
  readonly from: 'text'
  readonly text: string
  readonly repeat?: number
}

/** The first seven are published for their algorithm and nothing is wrong with them. */
export type KeyName =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  /** Published, but too short. */
  | 'RSA of 1024 bits'
  /** Published for encryption. */
  | 'RSA for encryption'
  /** Published without `alg`. */
  | 'RSA for any algorithm'
  /** Published for EdDSA and ES256, on curves that do not go with them. */
  | 'Ed448'
  | 'secp256k1'
  /** Published, a secret for HS256. */
  | 'a published secret'
  /** Published under one key id. */
  | 'shared id RSA'
  | 'shared id EC'
  /** Published under a name of the prototype. */
  | '__proto__'
  /** Never published. */
  | 'RSA of an attacker'
  | 'EC of an attacker'
  | 'Ed25519 of an attacker'

export type Signing =
  | { readonly scheme: Scheme }
  /** What an attacker may know, as the secret of an HMAC. */
  | { readonly hmac: 'sha256' | 'sha384' | 'sha512'; readonly secret: KnownSecret }
  /** Signs something else than header and payload. */
  | { readonly over: 'header' | 'payload' | 'decoded payload' | 'another payload' }
  /** Puts bytes in place of a signature. */
  | { readonly hex: string; readonly repeat?: number }
  | { readonly after: SignatureEdit }

export type Scheme =
  | 'RS1'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ECDSA-SHA256'
  | 'ECDSA-SHA384'
  | 'ECDSA-SHA512'
  | 'ECDSA-SHA256-DER'
  | 'ECDSA-SHA384-DER'
  | 'ECDSA-SHA512-DER'
  | 'none'

export type KnownSecret =
  | 'spki-pem'
  | 'pkcs1-pem'
  | 'spki-der'
  | 'jwk'
  | 'modulus'
  | 'empty'
  | 'secret'
  | 'kid'
  | 'its own'

export type SignatureEdit =
  | 'flip the first bit'
  | 'flip the last bit'
  | 'cut the last byte'
  | 'add a zero byte'
  | 'put a zero byte before'
  | 'double'
  | 'swap the halves'
  /** The other of the two signatures that ECDSA verifies. */
  | 'negate s'
  /** The same number modulo the order of the Edwards curve. */
  | 'add the order to s'

/** A change to the finished token. */
export interface Edit {
  /** Default: the whole token. */
  readonly segment?: 0 | 1 | 2
  readonly prepend?: string
  readonly append?: string
  readonly set?: string
  readonly replace?: readonly [from: string, to: string]
  /** Sets the unused bits of the last character. */
  readonly strayBits?: true
  readonly standardAlphabet?: true
  readonly lowerCase?: true
  readonly doubled?: true
}

export type IssuedToken =
  | 'access JWT of an admin'
  | 'access JWT of a user without roles'
  | 'access JWT of a user without roles, with claims of an Action'
  | 'access JWT of an admin of another project'
  | 'access JWT of an admin, for another project'
  | 'access JWT of an admin, expired'
  | 'access JWT of an admin of another ZITADEL'
  | 'access JWT of a user with the roles __proto__ and constructor'
  | 'opaque token of an admin'
  | 'opaque token of a user without roles'
  | 'personal access token of an admin'
  | 'personal access token of a user without roles'
  | 'ID token of an admin'
  | 'ID token of an admin, with claims of an Action'
  | 'ID token of an admin, with all claims of an access token by an Action'
  | 'ID token of an admin, with nonce and at_hash'
  | 'logout token of an admin'
