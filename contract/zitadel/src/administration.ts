/** A project. */
export interface Project {
  readonly id: string
}

/** An API application that authenticates by a key. */
export interface Application {
  readonly id: string
  readonly clientId: string
  readonly projectId: string
}

/** A client id and its secret: of an API application, or of a service account. */
export interface ClientSecret {
  readonly clientId: string
  readonly clientSecret: string
}

/** The JSON of an application's key, as the Console lets one download it. */
export interface ApplicationKey {
  readonly type: 'application'
  readonly keyId: string
  readonly key: string
  readonly appId: string
  readonly clientId: string
}

/** The JSON of a service account's key, of which a client needs no more than this. */
export interface ServiceAccountKey {
  readonly keyId: string
  readonly key: string
  readonly userId: string
}

/** What kind of access token somebody gets: an opaque one, or a JWT. */
export type AccessTokenType = 'opaque' | 'jwt'

/** Somebody who can have roles and tokens. */
export interface User {
  readonly id: string
}

/** A personal access token, and the id by which it is removed. */
export interface PersonalAccessToken {
  readonly id: string
  readonly token: string
}

/** A role of a user in a project. */
export interface Grant {
  readonly id: string
}

/**
 * What a run does in a ZITADEL beside asking it as an API does: the steps of the guide in the Console, and the changes that an
 * API has to notice. A real ZITADEL shows a change a moment after it was made.
 */
export interface ZitadelAdministration {
  /** For `createZitadelAuth({ domain })` and for `--domain`. */
  readonly domain: string
  createProject(): Promise<Project>
  createRole(project: Project, role: string): Promise<void>
  createApplication(project: Project): Promise<Application>
  createApplicationWithSecret(project: Project): Promise<ClientSecret>
  createApplicationKey(application: Application): Promise<ApplicationKey>
  removeApplicationKey(application: Application, key: ApplicationKey): Promise<void>
  /** Creates a service account, and says what the token endpoint gives it. */
  createServiceAccount(accessTokenType: AccessTokenType): Promise<User>
  createPersonalAccessToken(account: User): Promise<PersonalAccessToken>
  removePersonalAccessToken(account: User, token: PersonalAccessToken): Promise<void>
  createServiceAccountKey(account: User): Promise<ServiceAccountKey>
  createServiceAccountSecret(account: User): Promise<ClientSecret>
  /** Creates somebody who can log in. */
  createPerson(): Promise<User>
  /** Logs a person in to a web application of the project, and gives the access token. */
  logIn(person: User, project: Project, accessTokenType: AccessTokenType): Promise<string>
  grantRole(user: User, project: Project, role: string): Promise<Grant>
  removeGrant(grant: Grant): Promise<void>
  lockUser(user: User): Promise<void>
  deactivateUser(user: User): Promise<void>
  /** Removes everything that was made through this. More than once is fine. */
  removeAll(): Promise<void>
}
