/**
 * Lets work go on when the request that has begun it ends, since others may wait for it. In Node.js all work does.
 *
 * @param _work - what has been begun
 */
export function outliveRequest(_work: Promise<unknown>): void {}
