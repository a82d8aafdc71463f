// npm run build: installs, and builds every package and example.
import { build, install } from './workspace.mjs'

await install()
await build()
