import type { Type } from '@nestjs/common'
import { type Declared, type Handler, isOwnMetadata, readDeclared } from './declaration.js'

/** A method of a class, and the function that stands under its name. */
export interface Method {
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
    Reflect.ownKeys(prototype).flatMap((property) => {
      const declared = readDeclared(prototype, property)
      return declared === undefined ? [] : [{ property, handler: getOwnFunction(prototype, property), declared }]
    }),
  )
}

/** Lists the methods that something was said of by decorators of others, which is what makes a handler. */
export function listHandlers(type: Type): readonly Method[] {
  return listMethods(type).filter(({ handler }) => Reflect.getMetadataKeys(handler).some(isOfOthers))
}

/** Lists the methods of a class, those that it inherits, and those that it overrides. */
export function listMethods(type: Type): readonly Method[] {
  return listPrototypes(type).flatMap((prototype) =>
    Reflect.ownKeys(prototype).flatMap((property) => {
      const handler = getOwnFunction(prototype, property)
      return handler !== undefined && property !== 'constructor' ? [{ property, handler }] : []
    }),
  )
}

/** The objects that the methods of a class are found on, its own first. */
export function listPrototypes(type: Type): readonly object[] {
  const prototypes: object[] = []
  for (let one: object | null = type.prototype; one !== null && one !== Object.prototype; ) {
    prototypes.push(one)
    one = Object.getPrototypeOf(one)
  }
  return prototypes
}

/** Gives the function that an object has itself under a name. Nothing is called for it. */
export function getOwnFunction(owner: object, property: string | symbol): Handler | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(owner, property)?.value
  return typeof value === 'function' ? (value as Handler) : undefined
}

function isOfOthers(name: unknown): boolean {
  return !isOwnMetadata(name) && !String(name).startsWith('design:')
}
