/** For how long a test looks for what happens in another process, on a machine that may be busy; in milliseconds. */
export const soon = { timeout: 15_000, interval: 50 }
