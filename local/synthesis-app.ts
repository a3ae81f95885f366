/** The entry of the process that synthesizes: `synthesis.ts` starts it. */
import { createApp } from '../bin/domicile.ts';
import { CONTEXT_KEYS } from '../lib/topology-context.ts';

const [outdir, context] = process.argv.slice(2);
if (outdir === undefined || context === undefined) throw new Error('needs OUTDIR and CONTEXT');
// The topology that `cdk.json` deploys, its domain above all, is not the one that runs here.
const notDeployed = Object.fromEntries(CONTEXT_KEYS.map((key) => [key, undefined]));
// cdk-nag and CloudFormation's rules say nothing about a local run; `cdk synth` and the tests apply them.
createApp({ outdir, context: { ...notDeployed, ...JSON.parse(context) }, checks: false }).synth();
