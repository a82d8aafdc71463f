import { createExchange, type Exchange, type Plan } from './exchange.js'

/** The header that tells an application which exchange a request belongs to. */
export const exchangeHeader = 'x-exchange'

/** All exchanges of a test. */
export interface Journal {
  /** Begins an exchange. The request brings the `id` in its {@link exchangeHeader}. */
  open(plan: Plan): { readonly id: string; readonly exchange: Exchange }
  /** Gives the exchange of a request. */
  find(id: unknown): Exchange
}

/** Makes a {@link Journal}. */
export function createJournal(): Journal {
  const exchanges: Exchange[] = []
  return {
    open(plan) {
      const exchange = createExchange(plan)
      return { id: String(exchanges.push(exchange) - 1), exchange }
    },
    find(id) {
      const exchange = exchanges[Number(id)]
      if (exchange === undefined) throw new TypeError(`no exchange ${id} has begun`)
      return exchange
    },
  }
}
