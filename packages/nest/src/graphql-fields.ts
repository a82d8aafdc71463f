import type { Type } from '@nestjs/common'
import { has } from './calls/call.js'
import type { Declared } from './declaration.js'
import { findDeclared, opens } from './find-declared.js'
import { listHandlers, type Method } from './methods.js'

/** What the decorators of GraphQL leave on a query, a mutation and a subscription. */
const queryMetadata = 'graphql:resolver_type'
const queryTypes: readonly unknown[] = ['Query', 'Mutation', 'Subscription']

/** What they leave on a method that finds what a reference means, for the gateway of a federation. */
const referenceMetadata = 'graphql:resolve_reference'

/** What they leave on a method that gives a field of a type, or finds what a reference means. */
const fieldMetadata = ['graphql:resolve_property', referenceMetadata]

/** Tells from the options of the module of GraphQL whether Nest runs guards before the fields of a type. */
export function guardsFieldsBy({ instance }: { readonly instance: unknown }): boolean {
  const enhancers = has(instance, 'fieldResolverEnhancers') ? instance.fieldResolverEnhancers : undefined
  return Array.isArray(enhancers) && enhancers.includes('guards')
}

/** Finds a way to the fields of types for anonymous calls, and gives its name. */
export function findOpenQuery(types: readonly Type[]): string | undefined {
  for (const type of types) {
    const open = listHandlers(type).find((method) => isOpenQuery(type, method))
    if (open !== undefined) return `${type.name}.${String(open.property)}`
  }
  return undefined
}

function isOpenQuery(type: Type, { property, handler }: Method): boolean {
  if (Reflect.hasMetadata(referenceMetadata, handler)) return true
  if (!queryTypes.includes(Reflect.getMetadata(queryMetadata, handler))) return false
  const declared = findDeclared(type, property)
  return declared !== undefined && opens(declared)
}

/**
 * Checks the fields of a type, before which Nest runs no guard.
 *
 * @param openQuery - what leads anonymous calls to them
 * @throws `TypeError`: when one asks for something; or says nothing, and can be reached without a token
 */
export function requireNoFields(type: Type, openQuery: string | undefined): void {
  for (const { property, handler } of listHandlers(type)) {
    if (!fieldMetadata.some((key) => Reflect.hasMetadata(key, handler))) continue
    requireUnguarded(`${type.name}.${String(property)}`, findDeclared(type, property), openQuery)
  }
}

const remedy = "give GraphQLModule { fieldResolverEnhancers: ['guards'] }"

function requireUnguarded(name: string, declared: Declared | undefined, openQuery: string | undefined): void {
  if (declared?.declaration === 'public') return
  if (declared !== undefined)
    throw new TypeError(`${name} says what it asks for, and no guard runs before it: ${remedy}`)
  if (openQuery === undefined) return
  throw new TypeError(
    `${name} says nothing, and no guard runs before it when ${openQuery} lets everybody pass: ${remedy}, or say @Public() there`,
  )
}
