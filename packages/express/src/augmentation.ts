// A registered symbol, so that an ESM and a CommonJS copy of this package agree; on the global object, so that it does not
// matter which copy of Express an application uses.
const flag = Symbol.for('@org/zitadel-auth-express/augment')

/** Makes every request that a middleware of ours has looked at show its context as `req.authorization`. */
export function augment(): void {
  Object.defineProperty(globalThis, flag, { value: true, configurable: true })
}

/** Tells whether the application has opted in to `req.authorization`. */
export function isAugmented(): boolean {
  return Object.hasOwn(globalThis, flag)
}
