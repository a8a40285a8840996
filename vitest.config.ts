import { defineConfig } from 'vitest/config'

// Tests run on the sources: the `source` condition of each package's exports wins over its build.
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/helpers/first-repository.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Generous, for a slow machine: what tests wait for is real processes, and only one that hangs is to be given up.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', './scripts/counts-reporter.mjs'],
  },
})
