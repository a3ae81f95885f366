import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/harness/properties.ts'],
    pool: 'forks',
    // Most tests wait now and then, for retries and time limits: a third worker fills two cores.
    maxWorkers: 3,
    // Loading a file's modules anew costs more than many of its tests. Files leave nothing behind:
    // what one sets in its process, it takes back.
    isolate: false,
    // A young generation that holds most of what a container ever makes spares a part of each cold
    // start; a larger one would cost more memory than it is worth.
    execArgv: ['--min-semi-space-size=16'],
    // A test may sign up, sign in and wait for several cold starts on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
