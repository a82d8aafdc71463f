// npm run types: compiles everything that is TypeScript. In parts, since the contract tells Fastify's types things that are true
// there alone.
import { runTool } from './workspace.mjs'

const projects = ['tsconfig.json', 'contract/tsconfig.json', 'resilience/tsconfig.json']

process.exitCode = projects.every((path) => runTool('tsc', ['-p', path])) ? 0 : 1
