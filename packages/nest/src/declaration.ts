import 'reflect-metadata'
import type { ExecutionContext, Type } from '@nestjs/common'

/** The name under which a class and its methods say what they ask for. A text, for the copies of this package. */
const key = '@org/zitadel-auth-nest/declaration'

/** What a class or a method asks for, as a declaration of `@org/zitadel-auth`. */
export interface Declared {
  readonly declaration: unknown
}

/** A function that Nest calls when something arrives. */
export type Handler = ReturnType<ExecutionContext['getHandler']>

/**
 * Makes the decorator that remembers a declaration.
 *
 * @param name - of the decorator, for its errors
 * @throws `TypeError`: where it stands on anything but a class or a method, or beside another one of ours
 */
export function declare(name: string, declaration: unknown): ClassDecorator & MethodDecorator {
  const declared: Declared = { declaration }
  return (target: object, property?: string | symbol, descriptor?: unknown) => {
    if (property === undefined) {
      requireUndeclared(name, target)
      Reflect.defineMetadata(key, declared, target)
      return
    }
    const handler = (descriptor as PropertyDescriptor | undefined)?.value
    if (typeof target === 'function' || typeof handler !== 'function') {
      throw new TypeError(`@${name} on ${String(property)}: it stands on a class or on a method of its instances`)
    }
    requireUndeclared(name, target, property)
    // By the name of the method, since other decorators may put a function of their own into its place; and on the function,
    // since it may be put into another class.
    Reflect.defineMetadata(key, declared, target, property)
    Reflect.defineMetadata(key, declared, handler)
  }
}

/**
 * Refuses what is given to a decorator that takes nothing: without its parentheses it would get what it stands on, and do nothing.
 *
 * @throws `TypeError`: when there is something
 */
export function requireNothing(name: string, given: readonly unknown[]): void {
  if (given.length > 0) throw new TypeError(`@${name} takes nothing, and needs its parentheses: @${name}()`)
}

function requireUndeclared(name: string, target: object, property?: string | symbol): void {
  const isDeclared =
    property === undefined ? Reflect.hasOwnMetadata(key, target) : Reflect.hasOwnMetadata(key, target, property)
  if (!isDeclared) return
  const what = property === undefined ? (target as Type).name : `${target.constructor.name}.${String(property)}`
  throw new TypeError(`@${name}: ${what} says twice what it asks for; one requirement can have several members`)
}

/** Gives what a class, a function, or a method of a prototype says itself. */
export function readDeclared(target: object, property?: string | symbol): Declared | undefined {
  return property === undefined ? Reflect.getOwnMetadata(key, target) : Reflect.getOwnMetadata(key, target, property)
}

/** Tells whether a name of metadata is ours. */
export function isOwnMetadata(name: unknown): boolean {
  return name === key
}
