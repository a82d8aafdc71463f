import { startProcess } from './processes.mjs'

/** Starts a local ZITADEL in a process of its own, with one API, one user, and a token of each kind. */
export async function startZitadel({ cores }) {
  const { ready, ask, stop } = await startProcess('servers/zitadel.mjs', null, { core: cores.zitadel })
  return {
    ...ready,
    stop,
    /** Tokens that nobody has seen yet, `opaque` or `jwt`. */
    issueTokens: (type, count) => ask({ question: 'issueTokens', type, count }),
    /** How many introspections there were since the last call. */
    takeIntrospections: () => ask({ question: 'takeIntrospections' }),
  }
}
