/** The entry of the process that synthesizes: `synthesis.ts` starts it. */
import { createApp } from '../bin/domicile.ts';

const [outdir, context] = process.argv.slice(2);
if (outdir === undefined || context === undefined) throw new Error('needs OUTDIR and CONTEXT');
// cdk-nag says nothing about a local run; `cdk synth` and the tests apply it.
createApp({ outdir, context: JSON.parse(context), checks: false }).synth();
