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
 * @throws {TypeError} where it stands on anything but a class or a method, or beside another one of ours
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
 * @throws {TypeError} when there is something
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

/**
 * Finds what a handler asks for: what its method says, or the method of the same name that it overrides; else what its class
 * says, or the class that it extends.
 *
 * @throws {TypeError} when nobody can tell which of the declared methods of the class the handler is
 */
export function findDeclared(type: Type, handler: Handler): Declared | undefined {
  const own: Declared | undefined = Reflect.getMetadata(key, handler)
  if (own !== undefined) return own
  const property = findProperty(type, handler)
  if (property === undefined && listDeclaredMethods(type).length > 0) {
    throw new TypeError(`a handler of ${type.name} is none of its methods, so nobody can tell what it asks for`)
  }
  const ofMethod = property === undefined ? undefined : Reflect.getMetadata(key, type.prototype, property)
  return ofMethod ?? findDeclaredByClass(type)
}

/** Finds what a class says, or the class that it extends. */
export function findDeclaredByClass(type: Type): Declared | undefined {
  return Reflect.getMetadata(key, type)
}

/** A method of a class, and the function that stands under its name. */
interface Method {
  readonly property: string | symbol
  readonly handler: Handler
}

/** A method that says itself what it asks for. Other decorators may have removed its function. */
export interface DeclaredMethod {
  readonly property: string | symbol
  readonly handler: Handler | undefined
  readonly declared: Declared
}

/** Lists the methods that say themselves what they ask for, those that a class inherits included. */
export function listDeclaredMethods(type: Type): readonly DeclaredMethod[] {
  return listPrototypes(type).flatMap((prototype) =>
    Reflect.ownKeys(prototype)
      .filter((property) => Reflect.hasOwnMetadata(key, prototype, property))
      .map((property) => ({
        property,
        handler: Object.getOwnPropertyDescriptor(prototype, property)?.value,
        declared: Reflect.getOwnMetadata(key, prototype, property),
      })),
  )
}

/** Lists the methods that something was said of by decorators of others, which is what makes a handler. */
export function listHandlers(type: Type): readonly Method[] {
  return listMethods(type).filter(({ handler }) =>
    Reflect.getMetadataKeys(handler).some((name) => name !== key && !String(name).startsWith('design:')),
  )
}

function listMethods(type: Type): readonly Method[] {
  return listPrototypes(type).flatMap((prototype) =>
    Reflect.ownKeys(prototype).flatMap((property) => {
      const handler = Object.getOwnPropertyDescriptor(prototype, property)?.value
      return typeof handler === 'function' && property !== 'constructor' ? [{ property, handler }] : []
    }),
  )
}

/** The objects that the methods of a class are found on, its own first. */
function listPrototypes(type: Type): readonly object[] {
  const prototypes: object[] = []
  for (let one: object | null = type.prototype; one !== null && one !== Object.prototype; ) {
    prototypes.push(one)
    one = Object.getPrototypeOf(one)
  }
  return prototypes
}

/** A handler that a constructor has bound to its instance has the name of its method behind a word of the language. */
function findProperty(type: Type, handler: Handler): string | symbol | undefined {
  const methods = listMethods(type)
  const name = handler.name.replace(/^(bound )+/, '')
  const found = methods.find((one) => one.handler === handler) ?? methods.find(({ property }) => property === name)
  return found?.property
}
