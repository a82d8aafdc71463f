// The same under Jest, which loads CommonJS in a registry of its own.
const { checkOutcomes } = require('./outcomes.cjs')
const modules = require('./modules.cjs')

test('every framework answers every outcome', async () => {
  const results = await checkOutcomes(modules)
  expect(results.map(({ actual }) => actual)).toEqual(results.map(({ expected }) => expected))
})
