/**
 * What profiles (`node --cpu-prof`) show to be the limit of each kind of figure, in a sentence or two. The page prints those
 * whose target is missed. No measured figure belongs here: it would outlive its run.
 */
export const limits = {
  routes:
    '**Protected requests.** Over the minimal gate a profile shows two reads of the clock, the frozen context of each request, the search' +
    ' for a second `Authorization` header, and on Fastify a second hook and the look-up of what the route declares.',
  'cached-check':
    '**Cached tokens.** The largest part is the SHA-256 itself; what remains are two reads of the clock, one for the expiry of the token' +
    ' and one that nobody can set for the age of the answer, and the frozen context.',
  'uncached-jwt':
    '**New JWTs.** About half is the signature itself. The rest goes to the canonical form of the three segments, to claims and roles that' +
    ' are copied and frozen so that they can be cached, and to the promises of a way that may have to ask for keys.',
  introspection:
    '**Token introspection.** No assertion is signed twice, so what is left is `node:http` itself, compare its row, and a deadline, the' +
    ' queue, the circuits, and claims that are copied and frozen.',
  'cold-start':
    '**First answer.** Beyond Node.js and the framework it is reading and compiling the modules, and the first requests to ZITADEL:' +
    ' discovery, which the option `endpoints` skips, then keys or an introspection.',
  concurrency:
    '**Requests to ZITADEL.** One request is under way for a token, whoever joins it: a miss is a fault, not a limit.',
  store:
    '**The store.** Two processes that meet a token at the same time both ask about it, since there are no locks. A look into the store' +
    ' is two commands on one connection; decrypting the answer and reading it as one of ZITADEL is the rest.',
  memory:
    '**Memory.** Beyond a full cache nothing of a token is kept, so what is left over is V8: compiled code, and room in tables that it' +
    ' does not give back.',
  bundle: '**Bundle.** A good part of it is the words of errors, which say what to do.',
  import:
    '**Import.** `node:crypto`, `node:https` and `node:diagnostics_channel`: reading and compiling files is nearly all of it.',
  growth:
    "**Growth.** A look-up takes the same steps for any number of tokens, but a hundred thousand do not fit into the processor's" +
    ' caches: compare SHA-256 and `Map.get` alone, which grow with them.',
}
