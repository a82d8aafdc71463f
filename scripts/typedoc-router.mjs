// A plugin of TypeDoc: the reference's addresses without the npm scope, which is in the names of packages and of their entries.
import { MemberRouter } from 'typedoc-plugin-markdown'

export function load(app) {
  app.renderer.defineRouter(
    'without-scope',
    class extends MemberRouter {
      getIdealBaseName(reflection) {
        return super.getIdealBaseName(reflection).replaceAll(/@[^/]+\//g, '')
      }
    },
  )
}
