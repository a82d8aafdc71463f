/** By so much ZITADEL's clock may be ahead of this machine's, in seconds: a new token must work at once. */
export const clockToleranceSeconds = 5
