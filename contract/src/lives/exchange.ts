import type { Delay } from './delay.js'

/** How an exchange is to go. */
export interface Plan {
  /** How long the application takes to finish the response. */
  readonly delay: Delay
  /** What the application does not begin, or not finish, before it has seen that the client is gone. */
  readonly goneBefore?: 'guard' | 'answer' | undefined
}

/**
 * A request and its response, as both sides see them. The application says what happens on the way, and waits where the plan
 * wants it to; the client waits for what has happened. So the order of events never depends on who is faster.
 */
export interface Exchange {
  /** What ran although it must not run for a request that is refused. */
  readonly ran: readonly string[]
  /** The request has reached the application, and not yet the guard. */
  readonly arrived: Promise<void>
  /** A response is there, and the application finishes it. */
  readonly answering: Promise<void>
  /** The application has finished it. */
  readonly answered: Promise<void>
  /** The application sees that the connection, or the stream, is closed. */
  readonly gone: Promise<void>

  /** For what stands before the guard. */
  arrive(goOn: () => void): void
  /** For what finishes the response. */
  answer(goOn: () => void): void
  /** For what hears of the end of the connection. */
  leave(): void
  /** For what stands behind the guard. */
  run(what: string): void
}

/** Makes an {@link Exchange}. */
export function createExchange({ delay, goneBefore }: Plan): Exchange {
  const ran: string[] = []
  const arrived = createMoment()
  const answering = createMoment()
  const answered = createMoment()
  const gone = createMoment()
  return {
    ran,
    arrived: arrived.promise,
    answering: answering.promise,
    answered: answered.promise,
    gone: gone.promise,
    arrive(goOn) {
      arrived.reach()
      if (goneBefore === 'guard') void gone.promise.then(goOn)
      else goOn()
    },
    answer(goOn) {
      answering.reach()
      const finish = (): void =>
        delay.later(() => {
          goOn()
          answered.reach()
        })
      if (goneBefore === 'answer') void gone.promise.then(finish)
      else finish()
    },
    leave: gone.reach,
    run: (what) => void ran.push(what),
  }
}

function createMoment(): { readonly promise: Promise<void>; readonly reach: () => void } {
  let reach = (): void => {}
  const promise = new Promise<void>((resolve) => {
    reach = resolve
  })
  return { promise, reach: () => reach() }
}
