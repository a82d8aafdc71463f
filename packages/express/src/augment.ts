/**
 * Opts in to `req.authorization` on every request: the context behind `requireAuthorization` and
 * `optionalAuthorization`, undefined elsewhere. A global augmentation, so it is for applications and not for libraries.
 *
 * @packageDocumentation
 */
import type { AuthorizationContext } from '@org/zitadel-auth'
import { augment } from './augmentation.js'

declare global {
  namespace Express {
    interface Request {
      /** Who makes the request; undefined where no middleware of ours looked at it. */
      readonly authorization: AuthorizationContext | undefined
    }
  }
}

augment()
