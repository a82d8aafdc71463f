const name = 'Access-Control-Expose-Headers'

/**
 * Returns the headers of a response as they should be set. `Access-Control-Expose-Headers` is a list, which CORS
 * middleware of the application may have set already: then both lists are joined.
 *
 * @param headers - the headers of the response
 * @param find - returns the value of a header that is already set
 *
 * @example
 * ```ts
 * import { joinExposedHeaders } from '@org/zitadel-auth/adapter'
 *
 * const response = new Response(null, { headers: { 'Access-Control-Expose-Headers': 'X-Total' } })
 * const ours = { 'Access-Control-Expose-Headers': 'WWW-Authenticate' }
 * console.log(joinExposedHeaders(ours, (name) => response.headers.get(name)))
 * // { 'Access-Control-Expose-Headers': 'X-Total, WWW-Authenticate' }
 * ```
 */
export function joinExposedHeaders(
  headers: Readonly<Record<string, string>>,
  find: (name: string) => unknown,
): Readonly<Record<string, string>> {
  const ours = headers[name]
  if (ours === undefined) return headers
  const listed = [find(name) ?? []].flat().join(',').split(',')
  const theirs = listed.map((one) => one.trim()).filter((one) => one !== '' && one.toLowerCase() !== ours.toLowerCase())
  return { ...headers, [name]: [...theirs, ours].join(', ') }
}
