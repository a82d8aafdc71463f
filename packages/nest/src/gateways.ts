import type { CanActivate, ExceptionFilter, Type } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'

// The names under which the decorators of Nest remember what they say.
const gateway = 'websockets:is_gateway'
const guardsKey = '__guards__'
const filtersKey = '__exceptionFilters__'

/** The name under which a gateway says whose guard stands before it. */
const ownerKey = '@org/zitadel-auth-nest/gateway-owner'

/** What stands before the gateways of an application. */
export interface Enhancers {
  readonly guard: CanActivate
  /** What answers refusals, where that is not left to the application. */
  readonly filter: ExceptionFilter | undefined
}

/** Ours, of any application of this process. */
const ours = new WeakSet<object>()

/**
 * Puts the guard and the filter before every gateway: Nest 11 does not put the guards of the application there, and no Nest its
 * filters. Called before Nest connects the gateways, which it does before any hook of the start.
 */
export function guardGateways(modules: ModulesContainer, owner: object, { guard, filter }: Enhancers): void {
  for (const { providers } of modules.values()) {
    for (const { metatype } of providers.values()) {
      if (!isGateway(metatype)) continue
      Reflect.defineMetadata(ownerKey, owner, metatype)
      putFirst(metatype, guardsKey, guard)
      putFirst(metatype, filtersKey, filter)
    }
  }
}

/** First among the guards; and the last that is asked among the filters, after those of the gateway's own. */
function putFirst(type: Type, key: string, enhancer: object | undefined): void {
  const others = ((Reflect.getMetadata(key, type) ?? []) as readonly object[]).filter((other) => !ours.has(other))
  if (enhancer !== undefined) ours.add(enhancer)
  Reflect.defineMetadata(key, enhancer === undefined ? others : [enhancer, ...others], type)
}

/** Tells whether the guard of this application stands before a gateway. */
export function isGuardedGateway(type: object, owner: object): boolean {
  return Reflect.getOwnMetadata(ownerKey, type) === owner
}

/** Tells whether a class is a gateway. */
export function isGateway(type: unknown): type is Type {
  return typeof type === 'function' && Reflect.getMetadata(gateway, type) === true
}
