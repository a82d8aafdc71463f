/**
 * What profiles (`node --cpu-prof`) show to be the limit of each kind of figure. The page prints those whose target is
 * missed. No measured figure belongs here: it would outlive its run.
 */
export const limits = {
  routes:
    '**Routes.** The bare route answers so fast that a twentieth of it is hardly more than the check itself: compare its CPU with' +
    ' the time of a check, both below. In a profile of the protected route the largest part by far is the write to the socket' +
    ' (`writev`), which the bare route has too. The functions of this library are a small part: hashing the token, matching it' +
    ' against the grammar of RFC 6750, looking for repeated headers, the look-up, and a frozen context for each request.',
  'cached-check':
    '**Remembered tokens.** The largest part of the check is the SHA-256 itself, the next is matching the token against its' +
    ' grammar. What remains costs the same for every token: three promises, one look-up, the checks of expiry, issuer and audience,' +
    ' and a frozen context with a `Date` of its own. A processor with SHA instructions hashes a short token so fast that the' +
    ' remainder weighs more than the hash; with a longer token, as a JWT is, it weighs less. Two ways were tried: a digest without' +
    ' the prefix that names issuer and client, and one promise less. Neither was enough to reach the target.',
  'uncached-jwt':
    '**New JWTs.** The signature is verified by jose through WebCrypto, as in jose alone, and then this library does more: it refuses' +
    ' tokens that are not in canonical base64url, hashes the token, keeps a frozen copy of the claims and reads the roles.' +
    ' aws-jwt-verify and fast-jwt are faster since they call `crypto.verify` of Node.js, synchronously, which saves the way through' +
    ' WebCrypto and the thread pool. Doing that here would give up no check. It would put every signature on the main thread, where' +
    ' P-384 and P-521 take many times as long as RSA, and the checks of key lengths and algorithms into our hands, which now are' +
    " jose's.",
  introspection:
    '**Introspection.** No assertion is signed twice, so what is left is `fetch` of Node.js: compare the row that does nothing else.' +
    ' A profile shows `Request`, `AbortSignal` and several web streams being made for every question, and their garbage being' +
    ' collected. The row with `node:http` shows what a question costs without them. Going that way would put redirects, decompression,' +
    ' connection reuse and its races, and the deadline into our hands, and the `fetch` option would be another path than the usual one.',
  concurrency:
    '**Many requests at once.** One question is under way for a token, whoever joins it: a miss is a fault, not a limit.',
  memory:
    '**Memory.** Beyond a full cache nothing of a token is kept, so what is left over is V8: compiled code, and room in tables that it' +
    ' does not give back.',
  bundle:
    '**Bundle.** About a quarter is jose, of which only the parts for signatures and public keys are imported; a good part of the rest' +
    ' is the words of errors, which say what to do.',
  import:
    '**Import.** The modules of jose that are needed, and `node:crypto` with `node:diagnostics_channel`: reading and compiling files' +
    ' is nearly all of it.',
  growth:
    "**Growth.** The look-up by digest is a hash table's, and takes the same steps for any number of tokens; but a hundred thousand" +
    " tokens do not fit into the processor's caches. The least that any cache by digest does, one SHA-256 and one look into a `Map`," +
    ' grows in the same proportion: compare its column.',
}
