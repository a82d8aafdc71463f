// How much of everything. `scale` makes the number of tokens and requests smaller than the name of a figure says, and is
// then in the figure. A tiny run says nothing of speed: it is there to see that every figure has its name.
export const sizes = {
  full: {
    routes: { repeats: 7, warmUp: { seconds: 0.5, requests: 20_000, atMost: 3 }, seconds: 1.3, connections: 64 },
    checks: { repeats: 7, warmUpMilliseconds: 1_000, milliseconds: 200 },
    introspection: { repeats: 7, warmUpTokens: 1_000, tokens: 1_000, concurrency: 20 },
    concurrency: { repeats: 7, scale: 1 },
    store: { repeats: 7, scale: 1, warmUpTokens: 1_000, tokens: 1_000 },
    memory: { scale: 1 },
    'start-up': { repeats: 7 },
    weight: {},
    growth: { repeats: 7, warmUpMilliseconds: 400, milliseconds: 60, scale: 1 },
  },
  quick: {
    routes: { repeats: 3, warmUp: { seconds: 0.3, requests: 3_000, atMost: 1 }, seconds: 0.2, connections: 64 },
    checks: { repeats: 3, warmUpMilliseconds: 150, milliseconds: 30 },
    introspection: { repeats: 3, warmUpTokens: 100, tokens: 100, concurrency: 20 },
    concurrency: { repeats: 3, scale: 0.2 },
    store: { repeats: 1, scale: 0.2, warmUpTokens: 200, tokens: 200 },
    memory: { scale: 0.003 },
    'start-up': { repeats: 3 },
    weight: {},
    growth: { repeats: 3, warmUpMilliseconds: 20, milliseconds: 5, scale: 0.02 },
  },
  tiny: {
    routes: { repeats: 1, warmUp: { seconds: 0.1, requests: 1, atMost: 1 }, seconds: 0.1, connections: 2 },
    checks: { repeats: 1, warmUpMilliseconds: 0, milliseconds: 1 },
    introspection: { repeats: 1, warmUpTokens: 1, tokens: 2, concurrency: 2 },
    concurrency: { repeats: 1, scale: 0.01 },
    store: { repeats: 1, scale: 0.01, warmUpTokens: 1, tokens: 2 },
    memory: { scale: 0.001 },
    'start-up': { repeats: 1 },
    weight: {},
    growth: { repeats: 1, warmUpMilliseconds: 0, milliseconds: 1, scale: 0.01 },
  },
}
