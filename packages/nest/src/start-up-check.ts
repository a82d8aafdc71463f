import type { Type } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { readDeclared } from './declaration.js'
import { findDeclaredByClass } from './find-declared.js'
import { isGateway } from './gateways.js'
import { findOpenQuery, guardsFieldsBy, requireNoFields } from './graphql-fields.js'
import type { HandlerGuards } from './handler-guards.js'
import { listDeclaredMethods, listHandlers } from './methods.js'

/** Where the module of GraphQL keeps its options. */
const graphqlOptions = 'GqlModuleOptions'

/** What Nest knows of a controller or a provider. */
interface Known {
  readonly metatype: unknown
  readonly instance: unknown
  readonly isNotMetatype: boolean
}

interface Provider extends Known {
  readonly token: unknown
}

/**
 * Reads what all controllers, resolvers and gateways declare, and checks that a guard will run where they do.
 *
 * @param isGuardedGateway - tells whether the guard stands before a gateway
 * @throws `TypeError`: when a declaration can't be understood, or stands where nobody would look at it
 */
export function checkDeclarations(
  modules: ModulesContainer,
  guards: HandlerGuards,
  isGuardedGateway: (type: Type) => boolean,
): void {
  const all = [...modules.values()]
  const controllers = all.flatMap(({ controllers }) => [...controllers.values()])
  const providers = all.flatMap(({ providers }) => [...providers.values()])
  for (const type of new Set(controllers.flatMap(findType))) checkType(type, guards)
  for (const type of new Set(providers.flatMap(findType))) {
    if (isGateway(type) && !isGuardedGateway(type)) {
      throw new TypeError(
        `${type.name}: no guard could be put before this gateway: list the class itself among the providers, and do not create two applications with it at once`,
      )
    }
    checkType(type, guards)
    if (findDeclaredByClass(type) === undefined || isHandling(type)) continue
    throw new TypeError(
      `${type.name} says what it asks for, and no guard runs before it: it has no handler; connections are admitted by authenticateConnection`,
    )
  }
  checkFields(providers, guards)
}

function checkFields(providers: readonly Provider[], { undeclared }: HandlerGuards): void {
  if (providers.filter(({ token }) => token === graphqlOptions).every(guardsFieldsBy)) return
  const types = [...new Set(providers.flatMap(findType))]
  const openQuery = undeclared === 'public' ? undefined : findOpenQuery(types)
  for (const type of types) requireNoFields(type, openQuery)
}

/** Of a provider that a factory gave, the class is that of its instance. */
function findType({ metatype, instance, isNotMetatype }: Known): readonly Type[] {
  const made = Object(instance) === instance ? Object.getPrototypeOf(instance)?.constructor : undefined
  const type = isNotMetatype ? made : metatype
  return typeof type === 'function' && Object(type.prototype) === type.prototype ? [type as Type] : []
}

/** Remembers the handlers of an application: before Nest looks for them, and when all instances are made. */
export function learnHandlers(modules: ModulesContainer, guards: HandlerGuards): void {
  const all: readonly Known[] = [...modules.values()].flatMap(({ controllers, providers }) => [
    ...controllers.values(),
    ...providers.values(),
  ])
  for (const known of all) for (const type of findType(known).filter(isHandling)) learn(type, known, guards)
}

/** Nest names to a guard the class that an instance names. */
function learn(type: Type, { instance }: Known, guards: HandlerGuards): void {
  const made = Object(instance) === instance ? (instance as object) : undefined
  for (const named of new Set([type, type.prototype.constructor as Type])) guards.learn(named, made)
}

function isHandling(type: Type): boolean {
  return listHandlers(type).length > 0
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

function checkType(type: Type, guards: HandlerGuards): void {
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
}
