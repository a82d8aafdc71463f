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

/** The JSON key that you download from the Console for an API application. It does not say when it expires. */
export interface ApplicationKey {
  /** Distinguishes it from the key of a service account. */
  readonly type: 'application'
  /** The id of the key, which assertions name in their header. */
  readonly keyId: string
  /** RSA-2048, PKCS#1 PEM. */
  readonly key: string
  /** The id of the application. */
  readonly appId: string
  /** The client id: `iss` and `sub` of an assertion. */
  readonly clientId: string
}

/** The options of a new application that people log in to. */
export interface WebApplicationOptions {
  /**
   * The name.
   *
   * @defaultValue `'web'`
   */
  readonly name?: string
  /**
   * "Add user roles to the access token" in the Console.
   *
   * @defaultValue `false`
   */
  readonly accessTokenRoleAssertion?: boolean
  /**
   * "User Info inside ID Token" in the Console.
   *
   * @defaultValue `false`
   */
  readonly idTokenUserinfoAssertion?: boolean
  /** Where to send logout tokens. Without it, nowhere. */
  readonly backChannelLogoutUri?: string
  /**
   * The grant type "Token Exchange" in the Console, with which the application exchanges tokens.
   *
   * @defaultValue `false`
   */
  readonly tokenExchange?: boolean
}

/**
 * The part of {@link LocalZitadel} for applications and their keys.
 *
 * @group Types for the compiler
 */
export interface ApplicationAdministration {
  /**
   * Creates an API application that authenticates with a key.
   *
   * @param project - the project it belongs to
   * @param options - its name, `api` by default
   */
  createApiApplication(
    project: Project,
    options?: { readonly name?: string; readonly authMethod?: 'private_key_jwt' },
  ): JwtApplication
  /**
   * Creates an API application that authenticates with a client secret.
   *
   * @param project - the project it belongs to
   * @param options - its name, `api` by default, and `authMethod: 'basic'`
   */
  createApiApplication(
    project: Project,
    options: { readonly name?: string; readonly authMethod: 'basic' },
  ): BasicApplication
  /**
   * Creates a public application that people log in to. Tokens can be issued to its `clientId`.
   *
   * @param project - the project it belongs to
   * @param options - its name and settings
   */
  createWebApplication(
    project: Project,
    options?: WebApplicationOptions & { readonly authMethod?: 'none' },
  ): WebApplication
  /**
   * Creates an application that people log in to, with a client secret: it may introspect tokens, and revoke its own.
   *
   * @param project - the project it belongs to
   * @param options - its name and settings, and `authMethod: 'basic'`
   */
  createWebApplication(
    project: Project,
    options: WebApplicationOptions & { readonly authMethod: 'basic' },
  ): ConfidentialWebApplication
  /**
   * Creates a key for an application: the JSON that you download from the Console.
   *
   * @param application - an API application that authenticates with a key
   * @param options.expiresAt - when it expires. Default: never, which in ZITADEL is the end of the year 9999
   */
  createApplicationKey(application: JwtApplication, options?: { readonly expiresAt?: Date }): ApplicationKey
  /** Deletes a key: assertions that it signed are rejected from now on. */
  removeApplicationKey(key: ApplicationKey): void
  /** Deactivates an application: it is rejected from now on. */
  deactivateApplication(application: Application): void
  /** Activates a deactivated application again. */
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
