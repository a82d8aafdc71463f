/**
 * What profiles (`node --cpu-prof`) show to be the limit of each kind of figure, in a sentence or two. The page prints those
 * whose target is missed. No measured figure belongs here: it would outlive its run.
 */
export const limits = {
  routes:
    '**Protected requests.** Over the minimal gate a profile shows the promises of a check and the microtasks they take, the grammar' +
    ' of the header, a digest over more than the token, a frozen context for each request, and the garbage of all that.',
  'cached-check':
    '**Cached tokens.** The largest part is the SHA-256 itself; what remains are the promises of a check, the grammar of the token,' +
    ' and a frozen context with a `Date` of its own.',
  'uncached-jwt':
    '**New JWTs.** The way through WebCrypto and the thread pool takes longer than the signature, and this library reads the claims' +
    ' and the roles after it; `crypto.verify` of Node.js, as aws-jwt-verify and fast-jwt call it, goes without that way.',
  introspection:
    '**Token introspection.** No assertion is signed twice, so what is left is `fetch` of Node.js, which makes a `Request`, an' +
    ' `AbortSignal` and several web streams for each: compare the rows that do nothing else.',
  'cold-start':
    '**First answer.** Beyond Node.js and the framework it is reading and compiling the modules, and the first requests to ZITADEL:' +
    ' discovery, then keys or an introspection, through a `fetch` that is loaded for the first of them.',
  concurrency:
    '**Requests to ZITADEL.** One request is under way for a token, whoever joins it: a miss is a fault, not a limit.',
  memory:
    '**Memory.** Beyond a full cache nothing of a token is kept, so what is left over is V8: compiled code, and room in tables that it' +
    ' does not give back.',
  bundle:
    '**Bundle.** The largest part that is not ours is jose; a good part of the rest is the words of errors, which say what to do.',
  import:
    '**Import.** The modules of jose that are needed, and `node:crypto` with `node:diagnostics_channel`: reading and compiling files' +
    ' is nearly all of it.',
  growth:
    "**Growth.** A look-up takes the same steps for any number of tokens, but a hundred thousand do not fit into the processor's" +
    ' caches: compare SHA-256 and `Map.get` alone, which grow with them.',
}
