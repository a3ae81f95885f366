import fc from 'fast-check';

/**
 * Loaded before every test file. Properties are tried with the same values in each run, so that a
 * red suite names the change that broke it. To look for what nobody has thought of, take new
 * values, and more of them: `PROPERTY_RUNS=10000 npx vitest run test/core`;
 * a property that names its own number of runs, or its own seed, keeps it.
 */
const { PROPERTY_RUNS: runs } = process.env;
if (runs !== undefined && !/^[1-9]\d*$/.test(runs)) {
  throw new Error(`PROPERTY_RUNS=${runs}: must be a whole number from 1`);
}
fc.configureGlobal(runs === undefined ? { seed: 20_260_103 } : { numRuns: Number(runs) });
