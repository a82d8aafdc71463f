/**
 * Gives what was thrown, or an error in its place where it is no object: a rejection without a reason would be a go-ahead
 * for frameworks that ask only whether there is an error.
 *
 * @param thrown - whatever was caught
 * @param what - what threw it, for the developer
 */
export function toError(thrown: unknown, what: string): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown
  return new Error(`${what} failed with something that is not an error`, { cause: thrown })
}
