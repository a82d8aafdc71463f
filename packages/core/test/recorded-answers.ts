import { HttpResponse } from 'msw'

/** What a ZITADEL of July 2026 answers to whoever asks by a name that none of its instances has, as it was recorded. */
export function instanceNotFound({ asked = 'other.example', externalDomain = 'localhost' } = {}): Response {
  return new HttpResponse(
    `unable to set instance using origin &{${asked}  http} (ExternalDomain is ${externalDomain}): ID=QUERY-1kIjX Message=Instance not found. Make sure you got the domain right. Check out https://zitadel.com/docs/apis/introduction#domains\n`,
    { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } },
  )
}

/** What it answers to an API whose key, secret or client id it does not know, or whose assertion is of another time. */
export function unauthorizedClient(headers: Readonly<Record<string, string>> = {}): Response {
  return HttpResponse.json({ error: 'unauthorized_client' }, { status: 400, headers })
}
