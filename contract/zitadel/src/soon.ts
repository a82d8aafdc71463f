/** For how long a real ZITADEL may take to show what was done, and how often to look; in milliseconds. */
export const soon = { timeout: 15_000, interval: 50 }
