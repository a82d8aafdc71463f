// How much of everything. `scale` makes the number of tokens and requests smaller than the name of a figure says, and is
// then in the figure. A tiny run says nothing of speed: it is there to see that every figure has its name.
export const sizes = {
  full: {
    routes: { rounds: 7, seconds: 0.8, warmUpSeconds: 3, connections: 50 },
    checks: { rounds: 15, milliseconds: 120 },
    introspection: { rounds: 7, warmUpRounds: 4, questions: 1_000, concurrency: 20 },
    concurrency: { rounds: 5, scale: 1 },
    memory: { scale: 1 },
    'start-up': { rounds: 9 },
    weight: {},
    growth: { rounds: 9, milliseconds: 60, scale: 1 },
  },
  quick: {
    routes: { rounds: 3, seconds: 0.15, warmUpSeconds: 0.7, connections: 50 },
    checks: { rounds: 4, milliseconds: 30 },
    introspection: { rounds: 3, warmUpRounds: 2, questions: 300, concurrency: 20 },
    concurrency: { rounds: 1, scale: 1 },
    memory: { scale: 0.05 },
    'start-up': { rounds: 1 },
    weight: {},
    growth: { rounds: 3, milliseconds: 10, scale: 0.2 },
  },
  tiny: {
    routes: { rounds: 1, seconds: 1, warmUpSeconds: 1, requests: 4, connections: 2 },
    checks: { rounds: 1, milliseconds: 1 },
    introspection: { rounds: 1, warmUpRounds: 0, questions: 2, concurrency: 2 },
    concurrency: { rounds: 1, scale: 0.01 },
    memory: { scale: 0.001 },
    'start-up': { rounds: 1 },
    weight: {},
    growth: { rounds: 1, milliseconds: 1, scale: 0.01 },
  },
}
