import type { Type } from '@nestjs/common'
import { type Declared, readDeclared } from './declaration.js'
import { getOwnFunction, listPrototypes } from './methods.js'

/** What a class says itself of one of its methods, and of all of them. */
interface Level {
  /** Whether the method stands here, or overrides one. */
  readonly hasMethod: boolean
  readonly ofMethod: Declared | undefined
  readonly ofClass: Declared | undefined
}

/**
 * Finds what the method asks for that a class has under a name. The word of the method itself wins; then that of the nearest class.
 * A method that overrides another and says nothing keeps what the other asks for, and is not opened by it; and neither is a method
 * that a class inherits, where that class says itself what it asks for.
 *
 * @returns undefined where nobody says anything
 */
export function findDeclared(type: Type, property: string | symbol): Declared | undefined {
  const levels = readLevels(type, property)
  const [at, method, nearest] = [
    levels.findIndex(({ hasMethod }) => hasMethod),
    levels.findIndex(({ ofMethod }) => ofMethod !== undefined),
    levels.findIndex(({ ofClass }) => ofClass !== undefined),
  ]
  const [ofMethod, ofClass] = [levels[method]?.ofMethod, levels[nearest]?.ofClass]
  if (ofMethod === undefined) return ofClass
  const isOverridden = at < method
  const hasClassAtOrBelow = (level: number) => nearest !== -1 && nearest <= level
  if (isOverridden) return opens(ofMethod) || hasClassAtOrBelow(at) ? ofClass : ofMethod
  return opens(ofMethod) && hasClassAtOrBelow(method - 1) ? ofClass : ofMethod
}

/** Finds what a class says, or the nearest that it extends. */
export function findDeclaredByClass(type: Type): Declared | undefined {
  return readLevels(type, '').find(({ ofClass }) => ofClass !== undefined)?.ofClass
}

function readLevels(type: Type, property: string | symbol): readonly Level[] {
  const classes = listClasses(type)
  return listPrototypes(type).map((prototype) => {
    const handler = getOwnFunction(prototype, property)
    // On the function too, since it may have been put into another class.
    const ofMethod = readDeclared(prototype, property) ?? (handler && readDeclared(handler))
    // A decorator may have put another class around the one that the prototype knows.
    const around = classes.find((one) => one.prototype === prototype)
    const ofClass = readDeclared(prototype.constructor) ?? (around && readDeclared(around))
    return { hasMethod: handler !== undefined, ofMethod, ofClass }
  })
}

function listClasses(type: Type): readonly Type[] {
  const classes: Type[] = []
  for (let one: Type | null = type; typeof one === 'function'; one = Object.getPrototypeOf(one)) classes.push(one)
  return classes
}

/** Tells whether a declaration lets anonymous calls pass. */
export function opens({ declaration }: Declared): boolean {
  return declaration === 'public' || Object.hasOwn(Object(declaration), 'optional')
}
