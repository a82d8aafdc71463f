/** Workers have no files. */
export function readTextFile(_path: string): string {
  throw Object.assign(new Error('no files'), { code: 'ENOSYS' })
}
