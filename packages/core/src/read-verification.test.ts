import { beforeAll, describe, expect, it } from 'vitest'
import { typeError } from '../test/expected-errors.js'
import { generateSigningKey, type SigningKey } from '../test/signing-keys.js'
import type { AllOptions } from './options.js'
import { readVerification } from './read-verification.js'

let key: SigningKey
beforeAll(async () => {
  key = await generateSigningKey('ES256')
})

const read = (options: object, clientId?: string) =>
  readVerification({ domain: 'zitadel.example', ...options } as AllOptions, clientId)

const nothingLocal = { initialKeys: undefined, revocationCheckSeconds: undefined }

describe('readVerification', () => {
  for (const options of [{}, { verification: undefined }, { verification: 'introspection' }]) {
    it(`takes ${JSON.stringify(options)} for introspection, in which ZITADEL decides by the credentials`, () =>
      expect(read(options, 'client-1')).toEqual({
        verification: 'introspection',
        projectId: undefined,
        audience: undefined,
        ...nothingLocal,
      }))
  }

  for (const name of ['projectId', 'audience']) {
    it.each(['introspection', 'jwt', 'auto'])(`refuses a ${name} that got lost: %s`, (verification) =>
      expect(() => read({ verification, projectId: 'project-1', [name]: undefined })).toThrow(
        typeError(`${name} is undefined: is the environment variable set?`),
      ),
    )
  }

  it('pins introspection to a project', () =>
    expect(read({ projectId: 'project-1' }, 'client-1')).toEqual({
      verification: 'introspection',
      projectId: 'project-1',
      audience: ['client-1', 'project-1'],
      ...nothingLocal,
    }))

  for (const verification of ['jwt', 'auto'] as const) {
    const local = { verification, projectId: 'project-1' }

    it(`pins ${verification} to its project`, () =>
      expect(read(local, 'client-1')).toEqual({
        verification,
        projectId: 'project-1',
        audience: ['client-1', 'project-1'],
        ...nothingLocal,
      }))

    it(`accepts more audiences in ${verification} where they are named`, () => {
      expect(read({ ...local, audience: 'gateway' }, 'client-1').audience).toEqual(['client-1', 'project-1', 'gateway'])
      expect(read({ ...local, audience: ['a', 'b'] }).audience).toEqual(['project-1', 'a', 'b'])
      expect(read({ ...local, audience: [] }).audience).toEqual(['project-1'])
    })

    it(`needs the project in ${verification}`, () =>
      expect(() => read({ verification }, 'client-1')).toThrow(
        typeError(`verification: '${verification}' needs the projectId: audience and roles of a JWT are pinned to it`),
      ))

    for (const projectId of [null, '', 7, ['project-1']]) {
      it(`takes ${JSON.stringify(projectId)} for no project in ${verification}`, () =>
        expect(() => read({ verification, projectId })).toThrow(typeError('projectId is a text that is not empty')))
    }

    for (const audience of [null, '', 7, [''], ['a', null], {}]) {
      it(`takes ${JSON.stringify(audience)} for no audience in ${verification}`, () =>
        expect(() => read({ ...local, audience })).toThrow(typeError('audience is a text that is not empty')))
    }

    it(`starts ${verification} with the keys it is given`, () => {
      const { initialKeys } = read({ ...local, jwks: { keys: [key.publicJwk, { kty: 'future' }] } })
      expect(initialKeys?.map(({ keyId }) => keyId)).toEqual(['key-ES256'])
    })

    for (const jwks of [
      null,
      [],
      {},
      'keys',
      { keys: [] },
      { keys: [{ kty: 'future' }] },
      { keys: Array(101).fill({}) },
    ]) {
      it(`takes ${JSON.stringify(jwks).slice(0, 40)} for no keys in ${verification}`, () =>
        expect(() => read({ ...local, jwks })).toThrow(
          typeError('jwks is a JSON Web Key Set with at least one public key that has kid and alg'),
        ))
    }
  }

  it('takes revocationCheckSeconds in auto', () =>
    expect(
      read({ verification: 'auto', projectId: 'project-1', revocationCheckSeconds: 0.5 }).revocationCheckSeconds,
    ).toBe(0.5))

  for (const revocationCheckSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60', null]) {
    it(`takes ${revocationCheckSeconds} for no revocationCheckSeconds`, () =>
      expect(() => read({ verification: 'auto', projectId: 'project-1', revocationCheckSeconds })).toThrow(
        typeError('revocationCheckSeconds is a number greater than 0'),
      ))
  }

  it('refuses revocationCheckSeconds in jwt, which asks nobody', () =>
    expect(() => read({ verification: 'jwt', projectId: 'project-1', revocationCheckSeconds: 60 })).toThrow(
      typeError("revocationCheckSeconds goes with verification: 'auto', which can ask ZITADEL"),
    ))

  for (const [name, value] of [
    ['audience', 'gateway'],
    ['jwks', { keys: [] }],
    ['revocationCheckSeconds', 60],
  ] as const) {
    it(`refuses ${name} in introspection, where it would do nothing`, () =>
      expect(() => read({ projectId: 'project-1', [name]: value })).toThrow(
        typeError(`${name} goes with verification: 'jwt' or 'auto'`),
      ))
  }

  for (const verification of [null, '', 'JWT', 'local', 'toString', true, ['jwt']]) {
    it(`refuses the mode ${JSON.stringify(verification)}`, () =>
      expect(() => read({ verification, projectId: 'project-1' })).toThrow(
        typeError("verification is 'introspection', 'jwt' or 'auto'"),
      ))
  }
})
