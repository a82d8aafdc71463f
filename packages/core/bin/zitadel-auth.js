#!/usr/bin/env node
// A file of its own, so that package managers can link it before the build has made dist.
import '../dist/cli.js'
