import { HttpResponse, http } from 'msw'
import type { setupServer } from 'msw/node'
import { vi } from 'vitest'

export const issuer = 'https://zitadel.example'

/** What stands in for ZITADEL: change `tokens` and `respond` to change what it answers. */
export interface FakeZitadel {
  /** The claims of active tokens, by token. */
  readonly tokens: Map<string, object>
  /** What answers a question about a token. Default: `active: true` and the claims, or `active: false`. */
  readonly introspect: ReturnType<
    typeof vi.fn<(form: URLSearchParams, request: Request) => Response | Promise<Response>>
  >
  /** What answers for the metadata. */
  readonly discover: ReturnType<typeof vi.fn<() => Response>>
  /** How many questions there were. */
  counts(): { readonly discovery: number; readonly introspection: number }
}

/** Puts a ZITADEL into the network of a test, at its public address or at another one. */
export function startFakeZitadel(server: ReturnType<typeof setupServer>, origin = issuer): FakeZitadel {
  const tokens = new Map<string, object>()
  const discover = vi.fn<() => Response>(() =>
    HttpResponse.json({ issuer, introspection_endpoint: `${issuer}/oauth/v2/introspect` }),
  )
  const introspect = vi.fn<(form: URLSearchParams, request: Request) => Response | Promise<Response>>((form) => {
    const claims = tokens.get(form.get('token') ?? '')
    return HttpResponse.json(claims === undefined ? { active: false } : { active: true, iss: issuer, ...claims })
  })
  server.use(
    http.get(`${origin}/.well-known/openid-configuration`, () => discover()),
    http.post(`${origin}/oauth/v2/introspect`, async ({ request }) =>
      introspect(new URLSearchParams(await request.clone().text()), request),
    ),
  )
  return {
    tokens,
    introspect,
    discover,
    counts: () => ({ discovery: discover.mock.calls.length, introspection: introspect.mock.calls.length }),
  }
}
