const name = 'Access-Control-Expose-Headers'

/**
 * Gives the headers of an answer as they are to be set. What a page of another origin may read is a list, and CORS middleware of
 * the application may have set one: theirs and ours are one then.
 *
 * @param headers - of the answer
 * @param find - finds what is set already
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
