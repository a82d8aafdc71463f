/**
 * Adds `req.authorization` to every request: the context behind `requireAuthorization` and `optionalAuthorization`,
 * undefined elsewhere. Import it once, `import '@org/zitadel-auth-express/augment'`. The types change globally, so it
 * is for applications and not for libraries.
 *
 * @module @org/zitadel-auth-express/augment
 */
import type { AuthorizationContext } from '@org/zitadel-auth'
import { augment } from './augmentation.js'

declare global {
  namespace Express {
    /** A request of Express. */
    interface Request {
      /** Who makes the request; undefined if no middleware of this package ran before. */
      readonly authorization: AuthorizationContext | undefined
    }
  }
}

augment()
