import { describe, expect, it } from 'vitest'
import { type Endpoint, isMeantFor } from './endpoint.js'

const answer = () => ({ status: 204, headers: {}, body: '' })
const atPath: Endpoint = { path: '/ping/pong', answer }

describe('isMeantFor', () => {
  it.each([
    '/ping/pong',
    '/ping/pong?a=/ping',
    '/ping/pong#a',
    'https://api.example/ping/pong',
    'http://api.example:8080/ping/pong?a=b',
    'HTTP://api.example/ping/pong',
  ])('takes %s', (target) => expect(isMeantFor(atPath, target)).toBe(true))

  it.each(['', '/', '/ping', '/ping/pong/', '/ping/PONG', '/a/ping/pong', '/?/ping/pong', '//api.example/ping/pong'])(
    'leaves %j to the application',
    (target) => expect(isMeantFor(atPath, target)).toBe(false),
  )

  it.each(['', '/', '/anything?a=b'])('takes %j where the application says what comes', (target) =>
    expect(isMeantFor({ answer }, target)).toBe(true),
  )
})
