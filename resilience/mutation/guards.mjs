// Which files of core are guards: a change there that no test notices could let somebody in.

const core = 'packages/core/src'
const guardFolders = ['request/', 'verification/', 'authorization/', 'adapter/']
const guardFiles = [
  'errors/cause.ts',
  'internal/json.ts',
  'internal/single-flight.ts',
  'provider/json-web-key.ts',
  'provider/key-set.ts',
  'zitadel-auth.ts',
]

/** Tells whether a survivor in this file must be killed or explained. */
export function isGuard(path) {
  const file = path.slice(core.length + 1)
  return guardFiles.includes(file) || guardFolders.some((folder) => file.startsWith(folder))
}

/** The guards that every run of all checks has time for. */
export const fastGuards = [
  'request/bearer-token.ts',
  'verification/require-acceptable.ts',
  'verification/introspection.ts',
  'verification/repeat-budget.ts',
  'verification/jwt/*.ts',
  'authorization/admission.ts',
  'authorization/authorize.ts',
  'authorization/find-unmet.ts',
  'authorization/require-answerable.ts',
  'authorization/requirement-choice.ts',
  'adapter/guard.ts',
  'adapter/recall.ts',
  'adapter/require-auth.ts',
  'errors/cause.ts',
  'internal/single-flight.ts',
  '!**/*.test.ts',
].map((pattern) => (pattern.startsWith('!') ? pattern : `${core}/${pattern}`))
