/** The tokens of a world. */
export interface Tokens {
  /** Of a user who has the role. */
  readonly admin: string
  /** Of a user who has none. */
  readonly nobody: string
}

/** What a request brings, and what becomes of it. */
export interface Credentials {
  readonly name: string
  readonly status: 200 | 401 | 403 | 503
  /** Whether the ZITADEL that is asked is down. */
  readonly isZitadelDown: boolean
  authorization(tokens: Tokens): string | undefined
}

export const noToken: Credentials = {
  ...{ name: 'no token', status: 401, isZitadelDown: false },
  authorization: () => undefined,
}

export const badToken: Credentials = {
  ...{ name: 'a bad token', status: 401, isZitadelDown: false },
  authorization: () => 'Bearer nobody-issued-this',
}

export const missingRole: Credentials = {
  ...{ name: 'a missing role', status: 403, isZitadelDown: false },
  authorization: ({ nobody }) => `Bearer ${nobody}`,
}

export const zitadelDown: Credentials = {
  ...{ name: 'a ZITADEL that is down', status: 503, isZitadelDown: true },
  authorization: ({ admin }) => `Bearer ${admin}`,
}

/** What is not refused. */
export const goodToken: Credentials = {
  ...{ name: 'a good token', status: 200, isZitadelDown: false },
  authorization: ({ admin }) => `Bearer ${admin}`,
}
