/** What a function makes, or undefined where the runtime can't: no two have all curves and digests. */
export function tryTo<Made>(make: () => Made): Made | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
