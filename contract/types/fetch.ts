// A fetch of any make fits, with the types of browsers beside those of Node.js and without them.
import { createZitadelAuth } from '@org/zitadel-auth'
import { Agent, fetch as fetchOfUndici } from 'undici'

const options = { domain: 'zitadel.example', clientId: 'api', clientSecret: 'words' }
const dispatcher = new Agent()

export const auths = [
  createZitadelAuth({ ...options, fetch }),
  createZitadelAuth({ ...options, fetch: globalThis.fetch }),
  createZitadelAuth({ ...options, fetch: (url, init) => fetch(url, init) }),
  createZitadelAuth({ ...options, fetch: fetchOfUndici }),
  createZitadelAuth({ ...options, fetch: (url, init) => fetchOfUndici(url, { ...init, dispatcher }) }),
  createZitadelAuth({ ...options, fetch: fetchLikeNodeFetch }),
]

/** Its bodies are streams of Node.js. */
declare function fetchLikeNodeFetch(
  url: URL | string,
  init?: {
    method?: string
    headers?: Record<string, string>
    body?: URLSearchParams | string
    signal?: AbortSignal | null
  },
): Promise<{ status: number; headers: { get(name: string): string | null }; body: NodeJS.ReadableStream | null }>
