import {
  type CanActivate,
  type DynamicModule,
  type ExceptionFilter,
  type FactoryProvider,
  Inject,
  type InjectionToken,
  type ModuleMetadata,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD, ModulesContainer } from '@nestjs/core'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { createDeclaredGuard, type RefusalOptions, readRefusalOptions } from '@org/zitadel-auth/adapter'
import type { ApplicationTypes } from './application-types.js'
import { IdleFilter, RefusalFilter } from './filter.js'
import { guardGateways, isGuardedGateway } from './gateways.js'
import { createCanActivate } from './guard.js'
import { createHandlerGuards, type HandlerGuards } from './handler-guards.js'
import { findImports, requireSettings, requireStatic, settingsToken } from './imports.js'
import { judgeOnce } from './judged.js'
import { guardMessages } from './messages.js'
import { checkDeclarations, learnHandlers } from './start-up-check.js'

/** The options of {@link ZitadelAuthModule}. */
export interface ZitadelAuthModuleOptions extends RefusalOptions {
  /** From `createZitadelAuth`. */
  readonly auth: ZitadelAuth<ApplicationTypes> | ZitadelAuth
  /**
   * What a handler without a decorator needs: `true` for a valid token, or `'public'` for nothing.
   *
   * @defaultValue `true`
   */
  readonly undeclared?: true | 'public'
}

/** How to create the options when the application starts, for {@link ZitadelAuthModule.forRootAsync}. */
export interface ZitadelAuthModuleAsyncOptions {
  /** Modules with providers that the factory needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>
  /** What is passed to the factory. */
  readonly inject?: NonNullable<FactoryProvider['inject']>
  /** Creates the options. */
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is the application's
  readonly useFactory: (...injected: any[]) => ZitadelAuthModuleOptions | Promise<ZitadelAuthModuleOptions>
}

/** The token under which the module provides `auth`: `@Inject(ZITADEL_AUTH) private readonly auth: ZitadelAuth`. */
export const ZITADEL_AUTH: InjectionToken<ZitadelAuth> = Symbol.for('@org/zitadel-auth-nest/auth')

/** What was made of the options. */
interface Settings {
  readonly auth: ZitadelAuth
  readonly guards: HandlerGuards
  readonly guard: CanActivate
  readonly onRefusal: 'respond' | 'throw'
}

const optionsToken = Symbol.for('@org/zitadel-auth-nest/options')
const checkToken = Symbol.for('@org/zitadel-auth-nest/check')

/**
 * The module. Import it once, in the root module. Every handler of the application needs a valid token then, in all
 * modules and for HTTP, GraphQL, gRPC and WebSockets. A handler or a class that needs something else says so:
 * `@Authorize(requirement)`, `@Roles('admin')`, `@OptionalAuthorization()`, or `@Public()`. Unknown paths stay 404.
 *
 * If a declaration is malformed, or stands where no guard would look at it, the application does not start: a
 * `TypeError` names the class and the method.
 *
 * @example
 * ```ts
 * import { Module } from '@nestjs/common'
 * import { ZitadelAuthModule } from '@org/zitadel-auth-nest'
 *
 * @Module({ imports: [ZitadelAuthModule.forRoot({ auth })] })
 * export class AppModule {}
 * ```
 */
export class ZitadelAuthModule implements OnModuleInit {
  readonly #modules: ModulesContainer

  /**
   * Called by Nest.
   *
   * @param modules - all modules of the application
   * @throws `TypeError`: when the class itself is imported, which registers no guard
   */
  constructor(modules: ModulesContainer) {
    this.#modules = modules
    for (const imported of findImports(modules, this.constructor)) requireSettings(imported)
  }

  /**
   * Called by Nest.
   *
   * @throws `TypeError`: when the options depend on something that is created for each request, since Nest would run no
   * guard then
   */
  onModuleInit(): void {
    // Not before: what a provider depends on is known when all are made.
    for (const imported of findImports(this.#modules, this.constructor)) requireStatic(requireSettings(imported))
  }

  /**
   * Registers the guard for the application.
   *
   * @param options - `auth`, and what differs from the defaults
   * @throws `TypeError`: when an option is unknown or malformed
   */
  static forRoot(options: ZitadelAuthModuleOptions): DynamicModule {
    readOptions(options)
    return createModule([], { provide: optionsToken, useValue: options })
  }

  /**
   * Registers the guard for the application, with options that are created when it starts. If they are malformed, the
   * application does not start, with a `TypeError`.
   *
   * ```ts
   * import { Module } from '@nestjs/common'
   * import { createZitadelAuth } from '@org/zitadel-auth'
   * import { ZitadelAuthModule } from '@org/zitadel-auth-nest'
   *
   * const module = ZitadelAuthModule.forRootAsync({
   *   useFactory: async () => {
   *     const key = await secrets.read('zitadel-api-key')
   *     return { auth: createZitadelAuth({ domain: 'my-domain.zitadel.cloud', key }) }
   *   },
   * })
   *
   * @Module({ imports: [module] })
   * export class AppModule {}
   * ```
   *
   * @param options - how to create them
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: ZitadelAuthModuleAsyncOptions): DynamicModule {
    return createModule(imports, {
      provide: optionsToken,
      inject,
      useFactory: async (...injected: unknown[]) => {
        const options = await useFactory(...injected)
        readOptions(options)
        return options
      },
    })
  }
}

Inject(ModulesContainer)(ZitadelAuthModule, undefined, 0)

function createModule(
  imports: NonNullable<ModuleMetadata['imports']>,
  options: Provider<ZitadelAuthModuleOptions>,
): DynamicModule {
  const inject = [settingsToken]
  return {
    module: ZitadelAuthModule,
    global: true,
    imports,
    exports: [ZITADEL_AUTH, RefusalFilter],
    providers: [
      options,
      { provide: ZITADEL_AUTH, inject: [optionsToken], useFactory: ({ auth }: ZitadelAuthModuleOptions) => auth },
      // By the token, so that a test that overrides this provider replaces what the guard uses.
      { provide: settingsToken, inject: [optionsToken, ZITADEL_AUTH], useFactory: createSettings },
      { provide: RefusalFilter, inject, useFactory: ({ auth }: Settings) => new RefusalFilter(auth) },
      { provide: APP_GUARD, inject, useFactory: ({ guard }: Settings) => guard },
      { provide: APP_FILTER, inject, useFactory: createApplicationFilter },
      { provide: checkToken, inject: [settingsToken, ModulesContainer], useFactory: createCheck },
    ],
  }
}

const createSettings = (options: ZitadelAuthModuleOptions, auth: ZitadelAuth): Settings =>
  readOptions({ ...options, auth })

function createHandlerGuard({ auth, guards, onRefusal }: Omit<Settings, 'guard'>): CanActivate {
  return judgeOnce(
    createCanActivate(auth, (context) => guards.find(context.getClass(), context.getHandler()), { onRefusal }),
  )
}

function createApplicationFilter({ auth, onRefusal }: Settings): ExceptionFilter {
  return onRefusal === 'throw' ? new IdleFilter() : new RefusalFilter(auth)
}

/** All modules are there when the first is initialized. */
function createCheck(settings: Settings, modules: ModulesContainer): OnModuleInit & OnApplicationShutdown {
  const { auth, guards, guard, onRefusal } = settings
  const filter = onRefusal === 'throw' ? undefined : new RefusalFilter(auth)
  guardGateways(modules, settings, { guard, filter })
  learnHandlers(modules, guards)
  const release = guardMessages(modules, { guard, filter })
  return {
    onModuleInit() {
      const ours = findImports(modules, ZitadelAuthModule)
      if (ours.length > 1) throw new TypeError('ZitadelAuthModule is imported twice: its guard is for all modules')
      learnHandlers(modules, guards)
      checkDeclarations(modules, guards, (type) => isGuardedGateway(type, settings))
    },
    onApplicationShutdown: release,
  }
}

function readOptions(options: ZitadelAuthModuleOptions): Settings {
  const { onRefusal } = readRefusalOptions(options ?? null, ['auth', 'undeclared'])
  const { undeclared = true } = options
  if (undeclared !== true && undeclared !== 'public') throw new TypeError("undeclared is true or 'public'")
  const auth = options.auth as ZitadelAuth
  // A mistake in auth is one of the module, and not of some handler.
  createDeclaredGuard(auth, true)
  const guards = createHandlerGuards(auth, undeclared)
  return { auth, guards, guard: createHandlerGuard({ auth, guards, onRefusal }), onRefusal }
}
