import type { ExecutionContext, Type } from '@nestjs/common'
import { createDeclaredGuard, type Guard, type ZitadelAuth } from '@org/zitadel-auth'
import type { Declared, Handler } from './declaration.js'
import { findDeclared, findDeclaredByClass } from './find-declared.js'
import { getOwnFunction, listDeclaredMethods, listMethods } from './methods.js'

type HandlerGuard = Guard<ExecutionContext> | 'public'

/** What stands before the handlers of an application. */
export interface HandlerGuards {
  /** What a handler asks for that says nothing. */
  readonly undeclared: true | 'public'
  /**
   * Reads a declaration.
   *
   * @param name - of what declares, for the error
   * @throws {TypeError} when it can't be understood
   */
  read(name: string, declared: Declared): HandlerGuard
  /**
   * Finds the guard of a handler, whose declaration is read once.
   *
   * @throws {TypeError} when nobody can tell what it declares
   */
  find(type: Type, handler: Handler): HandlerGuard
  /** Remembers under which names an instance has functions of its own in the place of its methods. */
  learn(instance: object): void
}

/**
 * Makes the guards for what the handlers of an application declare: those of a module that is loaded later too.
 *
 * @param auth - from `createZitadelAuth`
 * @param undeclared - what a handler asks for that says nothing
 */
export function createHandlerGuards(auth: ZitadelAuth, undeclared: true | 'public'): HandlerGuards {
  const ofTypes = new WeakMap<Type, WeakMap<Handler, HandlerGuard>>()
  const replaced = new WeakMap<Type, Replaced>()

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
      const declared = findWord(type, handler, replaced.get(type)?.get(handler)) ?? { declaration: undeclared }
      const guard = read(`${type.name}.${handler.name}`, declared)
      ofHandlers.set(handler, guard)
      return guard
    },
    learn(instance) {
      const type = instance.constructor as Type
      const ofType: Replaced = replaced.get(type) ?? new WeakMap()
      replaced.set(type, ofType)
      for (const { property } of listMethods(type)) {
        const handler = getOwnFunction(instance, property)
        if (handler !== undefined) ofType.set(handler, (ofType.get(handler) ?? new Set()).add(property))
      }
    },
  }
}

/** The names under which the instances of a class have functions of their own. */
type Replaced = WeakMap<Handler, Set<string | symbol>>

/** By the name under which Nest has found the function: what the function calls itself proves nothing. */
function findWord(type: Type, handler: Handler, replaced: Iterable<string | symbol> = []): Declared | undefined {
  const standing = listMethods(type).filter(
    (one) => one.handler === handler && type.prototype[one.property] === handler,
  )
  const properties = [...standing.map(({ property }) => property), ...replaced]
  const words = new Set(properties.map((property) => findDeclared(type, property)))
  if (words.size === 1) return [...words][0]
  if (words.size === 0 && listDeclaredMethods(type).length === 0) return findDeclaredByClass(type)
  throw new TypeError(
    `nobody can tell which of the methods of ${type.name} a handler is, so nobody can pass: let it be the method itself, also where each request has its own instance`,
  )
}
