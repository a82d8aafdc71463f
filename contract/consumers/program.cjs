// What an application written as CommonJS sees of the installed packages. Prints one line for each framework.
const { checkOutcomes } = require('./outcomes.cjs')
const { checkCopies, printOutcomes } = require('./report.cjs')
const modules = require('./modules.cjs')

async function main() {
  printOutcomes(await checkOutcomes(modules))
  checkCopies(modules.core, await import('@org/zitadel-auth'))
}

void main()
