import { describe, expect, it } from 'vitest'
import { createContext } from '../../test/contexts.js'
import { typeError } from '../../test/expected-errors.js'
import { toAuthInfo } from './auth-info.js'
import { getAuthorization } from './get-authorization.js'

const context = createContext()
const authInfo = toAuthInfo(context)

describe('getAuthorization', () => {
  it('finds who calls where version 1 of the SDK has it', () => expect(getAuthorization({ authInfo })).toBe(context))

  it('finds who calls where version 2 has it', () => expect(getAuthorization({ http: { authInfo } })).toBe(context))

  it.each([
    {},
    { authInfo: undefined },
    { http: undefined },
    { http: {} },
    { authInfo: {} },
    { authInfo: { extra: {} } },
    { authInfo: { extra: { authorization: { userId: 'ann' } } } },
    { authInfo: JSON.parse(JSON.stringify(authInfo)) },
  ])('takes %j for a tool that nobody protects', (call) =>
    expect(() => getAuthorization(call)).toThrow(
      typeError(expect.stringMatching(/^getAuthorization\(ctx\) in a tool that nobody protects/)),
    ),
  )
})
