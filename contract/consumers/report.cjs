// Says how the outcomes went, in words for a person and in the exit code for a program.

/** Prints a line for each framework, and one for each outcome that is not what it should be. */
exports.printOutcomes = (results) => {
  for (const framework of new Set(results.map((result) => result.framework))) {
    const own = results.filter((result) => result.framework === framework)
    const good = own.filter(({ expected, actual }) => actual === expected)
    console.log(`  ${framework}: ${good.length} of ${own.length} outcomes`)
  }
  for (const { framework, outcome, expected, actual } of results) {
    if (actual === expected) continue
    console.log(`  ${framework}, ${outcome}: expected ${expected}\n    but got ${actual}`)
    process.exitCode = 1
  }
}

/** An error made by one copy of core must be recognised by the other. */
exports.checkCopies = (one, other) => {
  const error = new one.AuthorizationError('ERR_TOKEN_MISSING', 'made by the other copy')
  const isKnown = other.isAuthorizationError(error) && one !== other
  console.log(`  an AuthorizationError of the other copy of core: ${isKnown ? 'recognised' : 'NOT RECOGNISED'}`)
  if (!isKnown) process.exitCode = 1
}
