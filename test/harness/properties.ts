import fc from 'fast-check';

/**
 * Loaded before every test file. Properties are tried with the same values in each run, so that a
 * red suite names the change that broke it. To look for what nobody has thought of, take new
 * values, and more of them: `PROPERTY_RUNS=10000 npx vitest run test/core`.
 */
const { PROPERTY_RUNS: runs } = process.env;
fc.configureGlobal(runs === undefined ? { seed: 20_260_103 } : { numRuns: Number(runs) });
