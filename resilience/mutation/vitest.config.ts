import { basename, dirname } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification, type Vitest } from 'vitest/node'
import { aliases } from '../../vitest.aliases.js'

/**
 * Runs the tests of the mutated file first, then those of its folder: they notice most mutants, and the first test that
 * fails ends the run.
 */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [mutated = ''] = this.ctx.config.related ?? []
    const toDistance = ({ moduleId }: TestSpecification): number => {
      if (basename(moduleId, '.test.ts') === basename(mutated, '.ts')) return 0
      return dirname(moduleId) === dirname(mutated) ? 1 : 2
    }
    return [...files].sort((a, b) => toDistance(a) - toDistance(b))
  }
}

/** A file that does not load has no tests that could fail, and Stryker's runner would take that for success. */
class LoadFailures implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestModuleEnd(testModule: Parameters<NonNullable<Reporter['onTestModuleEnd']>>[0]): void {
    for (const error of testModule.errors()) this.#vitest?.state.catchError(error, 'Load Failure')
  }
}

// Core's tests, for Stryker: those beside the sources.
export default defineConfig({
  resolve: { alias: aliases },
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    sequence: { sequencer: NearestFirst },
    reporters: [new LoadFailures()],
    // A mutant that waits for ever fails by this, and not by the much longer patience of Stryker.
    testTimeout: 5_000,
  },
})
