import type { CanActivate, ExceptionFilter, Type } from '@nestjs/common'

// The names under which the decorators of Nest remember what they say.
export const guardsKey = '__guards__'
export const filtersKey = '__exceptionFilters__'

/** What stands before the gateways of an application, and before its messages. */
export interface Enhancers {
  readonly guard: CanActivate
  /** What answers refusals, where that is not left to the application. */
  readonly filter: ExceptionFilter | undefined
}

/** Ours, of any application of this process. */
const ours = new WeakSet<object>()

/** First among the guards; and the last that is asked among the filters, after those of the class's own. */
export function putFirst(type: Type, key: string, enhancer: object | undefined): void {
  const others = ((Reflect.getMetadata(key, type) ?? []) as readonly object[]).filter((other) => !ours.has(other))
  if (enhancer !== undefined) ours.add(enhancer)
  Reflect.defineMetadata(key, enhancer === undefined ? others : [enhancer, ...others], type)
}
