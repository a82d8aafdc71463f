// ZITADEL without the network, for figures in which the network has no part.
const issuer = 'https://zitadel.example'

/**
 * Options for `createZitadelAuth` whose introspections are answered at once.
 *
 * @param claims gives what is said of a token beyond what every token has
 */
export function connectInProcess(claims = () => ({})) {
  return {
    domain: issuer,
    clientId: 'api',
    clientSecret: 'secret',
    fetch: async (url, init) => answer(url, init, claims),
  }
}

function answer(url, { body }, claims) {
  if (url.pathname === '/.well-known/openid-configuration') {
    return Response.json({ issuer, introspection_endpoint: `${issuer}/introspect`, jwks_uri: `${issuer}/keys` })
  }
  return Response.json({ active: true, ...commonClaims(), ...claims(body.get('token')) })
}

/** What every token has. */
export function commonClaims() {
  const nowSeconds = Math.floor(Date.now() / 1_000)
  return {
    iss: issuer,
    sub: '278000000000000001',
    aud: ['278000000000000002'],
    exp: nowSeconds + 43_200,
    iat: nowSeconds,
    nbf: nowSeconds,
    jti: 'V2_278000000000000003-at_278000000000000004',
    client_id: 'tasks-client',
  }
}

/** As many roles as that, in the way ZITADEL writes them. */
export function toRoles(count, organizationId = '278000000000000005', domain = 'tasks.example') {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, { [organizationId]: domain }]))
}

/** Opaque tokens as long as ZITADEL's. */
export function* createOpaqueTokens(count) {
  for (let i = 0; i < count; i += 1) yield `eyJ${String(i).padStart(285, 'x')}`
}
