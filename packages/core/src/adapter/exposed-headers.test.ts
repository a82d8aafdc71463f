import { describe, expect, it } from 'vitest'
import { joinExposedHeaders } from './exposed-headers.js'

const refusal = { 'WWW-Authenticate': 'Bearer', 'Access-Control-Expose-Headers': 'WWW-Authenticate' }

const joined = (set: unknown) => joinExposedHeaders(refusal, () => set)['Access-Control-Expose-Headers']

describe('joinExposedHeaders', () => {
  it.each([
    [undefined, 'WWW-Authenticate'],
    ['', 'WWW-Authenticate'],
    ['Mcp-Session-Id', 'Mcp-Session-Id, WWW-Authenticate'],
    ['Mcp-Session-Id,X-Request-Id', 'Mcp-Session-Id, X-Request-Id, WWW-Authenticate'],
    [['Mcp-Session-Id', 'X-Request-Id'], 'Mcp-Session-Id, X-Request-Id, WWW-Authenticate'],
    ['www-authenticate, Mcp-Session-Id', 'Mcp-Session-Id, WWW-Authenticate'],
    ['*', '*, WWW-Authenticate'],
  ])('makes one list where %j is set', (set, list) => expect(joined(set)).toBe(list))

  it('says the same twice', () => expect(joined(joined('Mcp-Session-Id'))).toBe('Mcp-Session-Id, WWW-Authenticate'))

  it('keeps the other headers, and asks for no other', () => {
    const asked: string[] = []
    const headers = joinExposedHeaders(refusal, (name) => asked.push(name) && undefined)
    expect([headers, asked]).toEqual([refusal, ['Access-Control-Expose-Headers']])
  })

  it('leaves an answer alone that exposes nothing', () => {
    const headers = { 'Retry-After': '5' }
    expect(joinExposedHeaders(headers, () => 'Mcp-Session-Id')).toBe(headers)
  })
})
