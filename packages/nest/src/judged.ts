import type { CanActivate, ExecutionContext } from '@nestjs/common'

/** The calls that a guard of the application has let pass: Nest gives all guards of a call the same context. */
const judged = new WeakSet<ExecutionContext>()

/** Tells whether a call has passed the guard of its application. */
export function isJudged(context: ExecutionContext): boolean {
  return judged.has(context)
}

/** Makes a guard that judges a call once, however often it stands before it. */
export function judgeOnce(guard: CanActivate): CanActivate {
  return {
    canActivate(context) {
      if (judged.has(context)) return true
      const verdict = guard.canActivate(context) as true | Promise<true>
      if (verdict === true) return pass(context)
      return verdict.then(() => pass(context))
    },
  }
}

function pass(context: ExecutionContext): true {
  judged.add(context)
  return true
}
