import type { Instance } from '../instance/instance.js'
import type {
  ApiApplication,
  Application,
  BasicApplication,
  ConfidentialWebApplication,
  JwtApplication,
  Project,
  WebApplication,
} from '../instance/model.js'
import { createSecret } from '../instance/secrets.js'
import { NEVER, registerKeyPair } from './key-pair.js'

/** The JSON a developer downloads from the Console, its members in ZITADEL's order. It does not tell when it expires. */
export interface ApplicationKey {
  /** Tells it from the key of a service account. */
  readonly type: 'application'
  /** Names the key in the header of an assertion. */
  readonly keyId: string
  /** RSA-2048, PKCS#1 PEM. */
  readonly key: string
  /** The id of the application. */
  readonly appId: string
  /** The client id: `iss` and `sub` of an assertion. */
  readonly clientId: string
}

/** What a new application is like that people log in to. */
export interface WebApplicationOptions {
  /** Default: `web`. */
  readonly name?: string
  /** The Console's "Add user roles to the access token". Default: false. */
  readonly accessTokenRoleAssertion?: boolean
  /** The Console's "User Info inside ID Token". Default: false. */
  readonly idTokenUserinfoAssertion?: boolean
  /** Where logout tokens go. Default: nowhere. */
  readonly backChannelLogoutUri?: string
  /** The Console's grant type "Token Exchange", with which it gets tokens for others. Default: false. */
  readonly tokenExchange?: boolean
}

/** Applications and their keys. */
export interface ApplicationAdministration {
  /** Creates an API application. It authenticates with a key, or with `authMethod: 'basic'` by the `clientSecret` that it comes with. */
  createApiApplication(
    project: Project,
    options?: { readonly name?: string; readonly authMethod?: 'private_key_jwt' },
  ): JwtApplication
  /** The same, with a client secret. */
  createApiApplication(
    project: Project,
    options: { readonly name?: string; readonly authMethod: 'basic' },
  ): BasicApplication
  /** Creates an application people log in to, without a secret: its `clientId` is for tokens that are issued in its name. */
  createWebApplication(
    project: Project,
    options?: WebApplicationOptions & { readonly authMethod?: 'none' },
  ): WebApplication
  /** The same, with a client secret: it may introspect tokens too, and revoke its own. */
  createWebApplication(
    project: Project,
    options: WebApplicationOptions & { readonly authMethod: 'basic' },
  ): ConfidentialWebApplication
  /**
   * Creates a key for an application: the JSON that the Console downloads.
   *
   * @param options.expiresAt default: never, which in ZITADEL is the end of the year 9999.
   */
  createApplicationKey(application: JwtApplication, options?: { readonly expiresAt?: Date }): ApplicationKey
  /** Deletes a key: assertions signed with it are refused from now on. */
  removeApplicationKey(key: ApplicationKey): void
  /** Deactivates an application: it is refused from now on. */
  deactivateApplication(application: Application): void
  /** Makes a deactivated application active again. */
  reactivateApplication(application: Application): void
}

export function createApplicationAdministration(instance: Instance): ApplicationAdministration {
  const register = <T extends Application>(application: T): T => {
    Object.freeze(application)
    instance.applications.set(application.clientId, application)
    return application
  }
  const identify = (project: Project, name: string) => ({
    appId: instance.nextId(),
    clientId: instance.nextId(),
    name,
    projectId: project.id,
  })

  function createApiApplication(project: Project, options?: { authMethod?: 'private_key_jwt' }): JwtApplication
  function createApiApplication(project: Project, options: { authMethod: 'basic' }): BasicApplication
  function createApiApplication(
    project: Project,
    { name = 'api', authMethod = 'private_key_jwt' }: { name?: string; authMethod?: ApiApplication['authMethod'] } = {},
  ): ApiApplication {
    const identity = identify(project, name)
    if (authMethod === 'private_key_jwt') return register({ ...identity, kind: 'api', authMethod })
    return register({ ...identity, kind: 'api', authMethod, clientSecret: createSecret() })
  }

  function createWebApplication(project: Project, options?: WebApplicationOptions): WebApplication
  function createWebApplication(
    project: Project,
    options: WebApplicationOptions & { authMethod: 'basic' },
  ): ConfidentialWebApplication
  function createWebApplication(
    project: Project,
    { authMethod = 'none', name = 'web', ...options }: WebApplicationOptions & { authMethod?: 'none' | 'basic' } = {},
  ): WebApplication | ConfidentialWebApplication {
    const assertions = { accessTokenRoleAssertion: false, idTokenUserinfoAssertion: false }
    const identity = { ...identify(project, name), kind: 'web', ...assertions, ...options } as const
    if (authMethod === 'none') return register({ ...identity, authMethod })
    return register({ ...identity, authMethod, clientSecret: createSecret() })
  }

  return {
    createApiApplication,
    createWebApplication,
    createApplicationKey({ appId, clientId }, { expiresAt = NEVER } = {}) {
      const { keyId, pem } = registerKeyPair(instance, clientId, expiresAt)
      return { type: 'application', keyId, key: pem, appId, clientId }
    },
    removeApplicationKey: ({ keyId }) => void instance.keys.delete(keyId),
    deactivateApplication: ({ clientId }) => void instance.deactivated.add(clientId),
    reactivateApplication: ({ clientId }) => void instance.deactivated.delete(clientId),
  }
}
