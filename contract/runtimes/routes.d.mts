import type { ZitadelAuth } from '@org/zitadel-auth'

/** Makes a function that answers requests. What the runtime gives beside a request, it gives to the handlers. */
export function createRoutes(
  auth: ZitadelAuth,
): (request: Request, ...rest: readonly unknown[]) => Response | Promise<Response>
