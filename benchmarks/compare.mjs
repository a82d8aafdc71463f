// node benchmarks/compare.mjs a.json b.json: which figures of two runs differ by more than the two spreads allow.
import { readFileSync } from 'node:fs'
import { findDifferences } from './lib/differences.mjs'
import { formatCell } from './report/format.mjs'

const [first, second] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')).figures)
const differences = findDifferences(first, second)
for (const { name, figures } of differences) console.log(`${name}: ${figures.map(formatCell).join(', then ')}`)
console.log(`${differences.length} of ${Object.keys(first).length} figures differ by more than their spreads`)
