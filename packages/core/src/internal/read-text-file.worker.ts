/** Workers have no files: what to do instead is all that there is to be said, in the place of a code. */
export function readTextFile(_path: string): string {
  throw Object.assign(new Error('no files'), { code: 'there are no files here, so give the content as key' })
}
