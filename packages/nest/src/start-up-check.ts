import type { Type } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { has } from './calls/call.js'
import { type Declared, type Handler, readDeclared } from './declaration.js'
import { findDeclared, findDeclaredByClass } from './find-declared.js'
import { isGateway } from './gateways.js'
import type { HandlerGuards } from './handler-guards.js'
import { listDeclaredMethods, listHandlers } from './methods.js'

/** Where the module of GraphQL keeps its options. */
const graphqlOptions = 'GqlModuleOptions'

/** What the decorators of GraphQL leave on a method that gives a field of a type, or finds what a reference means. */
const fieldMetadata = ['graphql:resolve_property', 'graphql:resolve_reference']

/** What Nest knows of a controller or a provider. */
interface Known {
  readonly metatype: unknown
  readonly instance: unknown
  readonly isNotMetatype: boolean
}

/**
 * Reads what all controllers, resolvers and gateways declare, and checks that a guard will run where they do.
 *
 * @param isGuardedGateway - tells whether the guard stands before a gateway
 * @throws {TypeError} when a declaration can't be understood, or stands where nobody would look at it
 */
export function checkDeclarations(
  modules: ModulesContainer,
  guards: HandlerGuards,
  isGuardedGateway: (type: Type) => boolean,
): void {
  const all = [...modules.values()]
  const controllers = all.flatMap(({ controllers }) => [...controllers.values()])
  const providers = all.flatMap(({ providers }) => [...providers.values()])
  const guardsFields = providers.filter(({ token }) => token === graphqlOptions).every(guardsFieldsBy)
  for (const { instance } of [...controllers, ...providers]) if (Object(instance) === instance) learn(instance, guards)
  for (const type of new Set(controllers.flatMap(findType))) checkType(type, guards, guardsFields)
  for (const type of new Set(providers.flatMap(findType))) {
    if (isGateway(type) && !isGuardedGateway(type)) {
      throw new TypeError(
        `${type.name}: no guard could be put before this gateway: list the class itself among the providers, and do not create two applications with it at once`,
      )
    }
    checkType(type, guards, guardsFields)
    if (findDeclaredByClass(type) === undefined || listHandlers(type).length > 0) continue
    throw new TypeError(
      `${type.name} says what it asks for, and no guard runs before it: it has no handler; connections are admitted by authenticateConnection`,
    )
  }
}

/** Of a provider that a factory gave, the class is that of its instance. */
function findType({ metatype, instance, isNotMetatype }: Known): readonly Type[] {
  const made = Object(instance) === instance ? Object.getPrototypeOf(instance)?.constructor : undefined
  const type = isNotMetatype ? made : metatype
  return typeof type === 'function' && Object(type.prototype) === type.prototype ? [type as Type] : []
}

/** Of what is no instance of a class nothing can be learned, and nothing is asked. */
function learn(instance: unknown, guards: HandlerGuards): void {
  const prototype: unknown = Object.getPrototypeOf(instance)
  const isMade = Object(prototype) === prototype && prototype !== Object.prototype && prototype !== Function.prototype
  if (isMade && typeof (instance as object).constructor?.prototype === 'object') guards.learn(instance as object)
}

/** Nest tells a guard the class that an instance names: the word of one around it would not be heard. */
function requireHeard(type: Type): void {
  const named = type.prototype.constructor as Type
  const declared = readDeclared(type)
  if (declared === undefined || named === type || declared === readDeclared(named)) return
  throw new TypeError(
    `${type.name} says what it asks for, and a decorator has put another class into its place: put that decorator above`,
  )
}

function checkType(type: Type, guards: HandlerGuards, guardsFields: boolean): void {
  requireHeard(type)
  const ofClass = findDeclaredByClass(type)
  const methods = listDeclaredMethods(type)
  if (ofClass !== undefined) guards.read(type.name, ofClass)
  const handlers = listHandlers(type)
  for (const { property, handler, declared } of methods) {
    const name = `${type.name}.${String(property)}`
    guards.read(name, declared)
    if (handler !== undefined && handlers.some((one) => one.handler === handler)) continue
    throw new TypeError(
      `${name} says what it asks for, and no guard runs before it: it is no handler; connections are admitted by authenticateConnection`,
    )
  }
  if (guardsFields) return
  for (const { property, handler } of handlers)
    requireNoField(`${type.name}.${String(property)}`, handler, findDeclared(type, property))
}

function guardsFieldsBy({ instance }: { readonly instance: unknown }): boolean {
  const enhancers = has(instance, 'fieldResolverEnhancers') ? instance.fieldResolverEnhancers : undefined
  return Array.isArray(enhancers) && enhancers.includes('guards')
}

/** Nest runs no guard before the fields of a type unless it is told to. */
function requireNoField(name: string, handler: Handler, declared: Declared | undefined): void {
  if (!fieldMetadata.some((key) => Reflect.hasMetadata(key, handler))) return
  if (declared === undefined || declared.declaration === 'public') return
  throw new TypeError(
    `${name} says what it asks for, and no guard runs before it: give GraphQLModule { fieldResolverEnhancers: ['guards'] }`,
  )
}
