/** A promise that is resolved from outside. Node 20 has no `Promise.withResolvers`. */
export interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
}

export function createDeferred(): Deferred {
  let resolve = () => {}
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise
  })
  return { promise, resolve }
}
