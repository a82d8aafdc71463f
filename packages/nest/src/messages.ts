import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  type Type,
} from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { type Enhancers, filtersKey, guardsKey, putFirst } from './enhancers.js'
import { isJudged } from './judged.js'
import { listHandlers } from './methods.js'
import { findAuthorizationError } from './refused-exception.js'

/** The name under which the decorators of Nest remember that a method takes messages. */
const pattern = 'microservices:handler_type'

/** The applications that live, by the controllers of theirs that take messages. */
const owners = new WeakMap<object, Set<Enhancers>>()

/** What the guard of messages threw. */
const refused = new WeakMap<object, ExceptionFilter>()

/**
 * Puts a guard before every controller that takes messages: a microservice of a hybrid application that was connected without
 * `inheritAppConfig` has no guard of the application. Called before any microservice can be connected.
 *
 * @returns what ends it, when the application is closed
 */
export function guardMessages(modules: ModulesContainer, enhancers: Enhancers): () => void {
  const types = [...modules.values()].flatMap(({ controllers }) => [...controllers.values()].flatMap(findMessages))
  for (const type of types) {
    owners.set(type, (owners.get(type) ?? new Set()).add(enhancers))
    putFirst(type, guardsKey, messageGuard)
    putFirst(type, filtersKey, messageFilter)
  }
  return () => {
    for (const type of types) owners.get(type)?.delete(enhancers)
  }
}

/** A class, and the one that its instances say they are of, where a decorator has put another one into its place. */
function findMessages({ metatype }: { readonly metatype: unknown }): readonly Type[] {
  if (typeof metatype !== 'function') return []
  const type = metatype as Type
  if (!listHandlers(type).some(({ handler }) => Reflect.hasMetadata(pattern, handler))) return []
  return [...new Set([type, type.prototype.constructor as Type])]
}

/** The rest is judged by the guard of the application, which Nest runs before. */
const messageGuard: CanActivate = {
  canActivate(context) {
    if (context.getType() !== 'rpc' || isJudged(context)) return true
    return judge(context)
  },
}

async function judge(context: ExecutionContext): Promise<boolean> {
  const { guard, filter } = findOwner(context.getClass())
  try {
    return (await guard.canActivate(context)) as boolean
  } catch (error) {
    if (filter !== undefined && findAuthorizationError(error) !== undefined) refused.set(error as object, filter)
    throw error
  }
}

/** One class has one guard, whatever application it is in. */
function findOwner(type: Type): Enhancers {
  const [owner, ...others] = owners.get(type) ?? []
  if (owner !== undefined && others.length === 0) return owner
  throw new TypeError(
    `${type.name} takes messages in several applications of this process, so nobody can tell whose guard judges: connect microservices with { inheritAppConfig: true }, or close the other applications`,
  )
}

/** Answers what the guard of messages has refused: where it judges, Nest asks no filter of the application. */
class MessageFilter implements ExceptionFilter {
  catch(exception: object, host: ArgumentsHost): unknown {
    return refused.get(exception)?.catch(exception, host)
  }
}
Catch(
  Object.defineProperty(class {}, Symbol.hasInstance, {
    value: (exception: unknown) => Object(exception) === exception && refused.has(exception as object),
  }),
)(MessageFilter)

const messageFilter = new MessageFilter()
