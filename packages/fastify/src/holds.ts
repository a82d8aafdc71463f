/** How many hooks of ours hold a request back. */
const holds = new WeakMap<object, number>()

/**
 * Holds a request back: until a hook of ours has decided, and for good where it has answered.
 *
 * @returns a function that lets the request go on, as far as this hook is concerned
 */
export function hold(request: object): () => void {
  holds.set(request, (holds.get(request) ?? 0) + 1)
  return () => void holds.set(request, (holds.get(request) ?? 0) - 1)
}

/**
 * Checks that no hook of ours holds a request back. One that is held can get on all the same, when a hook before ours goes on
 * twice: it calls `done`, and Fastify waits for the promise it returns as well.
 *
 * @throws `TypeError`: when a request is held
 */
export function requireReleased(request: object): void {
  if ((holds.get(request) ?? 0) === 0) return
  throw new TypeError(
    'a request went on before its authorization was decided: a hook before it calls done and returns a promise too',
  )
}
