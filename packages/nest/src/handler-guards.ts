import type { ExecutionContext, Type } from '@nestjs/common'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { createDeclaredGuard, type Guard } from '@org/zitadel-auth/adapter'
import type { Declared, Handler } from './declaration.js'
import { findDeclared, findDeclaredByClass } from './find-declared.js'
import { getOwnFunction, listDeclaredMethods, listMethods, listPrototypes } from './methods.js'

type HandlerGuard = Guard<ExecutionContext> | 'public'

/** What stands before the handlers of an application. */
export interface HandlerGuards {
  /** What a handler asks for that says nothing. */
  readonly undeclared: true | 'public'
  /**
   * Reads a declaration.
   *
   * @param name - of what declares, for the error
   * @throws `TypeError`: when it can't be understood
   */
  read(name: string, declared: Declared): HandlerGuard
  /**
   * Finds the guard of a handler, whose declaration is read once.
   *
   * @throws `TypeError`: when nobody can tell what it declares
   */
  find(type: Type, handler: Handler): HandlerGuard
  /**
   * Remembers which functions stand under which names: others may be put into their places after Nest has found them.
   *
   * @param instance - may have functions of its own in the place of its methods
   */
  learn(type: Type, instance?: object): void
}

/**
 * Makes the guards for what the handlers of an application declare: those of a module that is loaded later too.
 *
 * @param auth - from `createZitadelAuth`
 * @param undeclared - what a handler asks for that says nothing
 */
export function createHandlerGuards(auth: ZitadelAuth, undeclared: true | 'public'): HandlerGuards {
  const ofTypes = new WeakMap<Type, WeakMap<Handler, HandlerGuard>>()
  const standing = new WeakMap<Type, Standing>()

  function read(name: string, { declaration }: Declared): HandlerGuard {
    try {
      return createDeclaredGuard(auth, declaration)
    } catch (cause) {
      throw new TypeError(`${name}: ${(cause as Error).message}`, { cause })
    }
  }

  return {
    undeclared,
    read,
    find(type, handler) {
      const ofHandlers = ofTypes.get(type) ?? new WeakMap<Handler, HandlerGuard>()
      ofTypes.set(type, ofHandlers)
      const known = ofHandlers.get(handler)
      if (known !== undefined) return known
      const declared = findWord(type, handler, standing.get(type)?.get(handler)) ?? { declaration: undeclared }
      const guard = read(`${type.name}.${handler.name}`, declared)
      ofHandlers.set(handler, guard)
      return guard
    },
    learn(type, instance) {
      const ofType: Standing = standing.get(type) ?? new WeakMap()
      standing.set(type, ofType)
      for (const property of new Set(listMethods(type).map((method) => method.property))) {
        for (const owner of [...(instance === undefined ? [] : [instance]), ...listPrototypes(type)]) {
          const handler = getOwnFunction(owner, property)
          if (handler === undefined) continue
          ofType.set(handler, (ofType.get(handler) ?? new Set()).add(property))
          if (owner !== instance) break
        }
      }
    },
  }
}

/** The names under which functions have stood in a class and in its instances. */
type Standing = WeakMap<Handler, Set<string | symbol>>

/** By the name under which Nest has found the function: what the function calls itself proves nothing. */
function findWord(type: Type, handler: Handler, learned: Iterable<string | symbol> = []): Declared | undefined {
  const methods = listMethods(type).filter((one) => one.handler === handler && type.prototype[one.property] === handler)
  const properties = [...methods.map(({ property }) => property), ...learned]
  const words = new Set(properties.map((property) => findDeclared(type, property)))
  if (words.size === 1) return [...words][0]
  if (words.size === 0 && listDeclaredMethods(type).length === 0) return findDeclaredByClass(type)
  throw new TypeError(
    `nobody can tell which of the methods of ${type.name} a handler is, so nobody can pass: let it be the method itself, also where each request has its own instance`,
  )
}
