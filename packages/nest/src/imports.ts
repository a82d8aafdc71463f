import type { ModulesContainer } from '@nestjs/core'

/** The token under which the module provides what was made of its options. */
export const settingsToken = Symbol.for('@org/zitadel-auth-nest/settings')

type Module = ModulesContainer extends Map<string, infer Imported> ? Imported : never
type Wrapper = ReturnType<Module['getProviderByKey']>

/** Finds what the application has imported of a class of ours. */
export function findImports(modules: ModulesContainer, type: unknown): readonly Module[] {
  return [...modules.values()].filter(({ metatype }) => metatype === type)
}

/**
 * Gives the settings of what was imported.
 *
 * @throws `TypeError`: where it has none, and so no guard
 */
export function requireSettings({ providers }: Module): Wrapper {
  const settings = providers.get(settingsToken)
  if (settings !== undefined) return settings
  throw new TypeError(
    'ZitadelAuthModule itself protects nothing: import ZitadelAuthModule.forRoot({ auth }), once, in the root module; other modules need no import',
  )
}

/**
 * Checks that settings are made once.
 *
 * @throws `TypeError`: where each request would have its own: Nest before 11.2.8 leaves the guard out then, and says nothing
 */
export function requireStatic(settings: Wrapper): void {
  if (settings.isDependencyTreeStatic()) return
  throw new TypeError(
    'ZitadelAuthModule.forRootAsync({ inject }): one of these is made for each request, and the guard is made once, at the start',
  )
}
