import type { Type } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { type Enhancers, filtersKey, guardsKey, putFirst } from './enhancers.js'

/** The name under which the decorators of Nest remember what is a gateway. */
const gateway = 'websockets:is_gateway'

/** The name under which a gateway says whose guard stands before it. */
const ownerKey = '@org/zitadel-auth-nest/gateway-owner'

/**
 * Puts the guard and the filter before every gateway: Nest 11 does not put the guards of the application there, and no Nest its
 * filters. Called before Nest connects the gateways, which it does before any hook of the start.
 */
export function guardGateways(modules: ModulesContainer, owner: object, { guard, filter }: Enhancers): void {
  for (const { providers } of modules.values()) {
    for (const { metatype } of providers.values()) {
      if (!isGateway(metatype)) continue
      Reflect.defineMetadata(ownerKey, owner, metatype)
      // A decorator may have put another class around the one that an instance names, which is where some versions of Nest look.
      for (const type of new Set([metatype, metatype.prototype.constructor as Type])) {
        putFirst(type, guardsKey, guard)
        putFirst(type, filtersKey, filter)
      }
    }
  }
}

/** Tells whether the guard of this application stands before a gateway. */
export function isGuardedGateway(type: object, owner: object): boolean {
  return Reflect.getOwnMetadata(ownerKey, type) === owner
}

/** Tells whether a class is a gateway. */
export function isGateway(type: unknown): type is Type {
  return typeof type === 'function' && Reflect.getMetadata(gateway, type) === true
}
