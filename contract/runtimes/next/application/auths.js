import { createZitadelAuth } from '@org/zitadel-auth'

/** Every way to the network, where Next.js has put a `fetch` that caches in the place of the global one. */
const ways = {
  own: {},
  'global-fetch': { fetch: globalThis.fetch },
  'late-global-fetch': { fetch: (url, init) => globalThis.fetch(url, init) },
  // What this application is: without `no-store` Next.js answers from its cache.
  trap: { fetch: (url, { cache: _, ...init }) => globalThis.fetch(url, init) },
}

/** Makes a ZitadelAuth for every way. */
export function createAuths(options) {
  const common = JSON.parse(process.env.ZITADEL_OPTIONS)
  return Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [name, createZitadelAuth({ ...common, ...options, ...way })]),
  )
}
