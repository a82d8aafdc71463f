/** Marks contexts. A registered symbol, so that an ESM and a CommonJS copy of this package know each other's. */
export const contextBrand = Symbol.for('@org/zitadel-auth/AuthorizationContext')
