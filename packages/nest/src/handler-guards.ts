import type { ExecutionContext, Type } from '@nestjs/common'
import { createDeclaredGuard, type Guard, type ZitadelAuth } from '@org/zitadel-auth'
import { type Declared, findDeclared, type Handler } from './declaration.js'

type HandlerGuard = Guard<ExecutionContext> | 'public'

/** What stands before the handlers of an application. */
export interface HandlerGuards {
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
  /** Tells whether a handler, or its class, says that something is asked for. */
  isDeclared(type: Type, handler: Handler): boolean
}

/**
 * Makes the guards for what the handlers of an application declare: those of a module that is loaded later too.
 *
 * @param auth - from `createZitadelAuth`
 * @param undeclared - what a handler asks for that says nothing
 */
export function createHandlerGuards(auth: ZitadelAuth, undeclared: true | 'public'): HandlerGuards {
  const ofTypes = new WeakMap<Type, WeakMap<Handler, HandlerGuard>>()

  function read(name: string, { declaration }: Declared): HandlerGuard {
    try {
      return createDeclaredGuard(auth, declaration)
    } catch (cause) {
      throw new TypeError(`${name}: ${(cause as Error).message}`, { cause })
    }
  }

  return {
    read,
    find(type, handler) {
      const ofHandlers = ofTypes.get(type) ?? new WeakMap<Handler, HandlerGuard>()
      ofTypes.set(type, ofHandlers)
      const known = ofHandlers.get(handler)
      if (known !== undefined) return known
      const declared = findDeclared(type, handler) ?? { declaration: undeclared }
      const guard = read(`${type.name}.${handler.name}`, declared)
      ofHandlers.set(handler, guard)
      return guard
    },
    isDeclared(type, handler) {
      const declared = findDeclared(type, handler)
      return declared !== undefined && declared.declaration !== 'public'
    },
  }
}
