/** The entry of the process that synthesizes: `synthesis-process.ts` starts it. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createApp } from '../bin/app.ts';
import { CONTEXT_KEYS } from '../lib/topology-context.ts';

// The topology that `cdk.json` deploys, its domain above all, is not the one that runs here.
const NOT_DEPLOYED = Object.fromEntries(CONTEXT_KEYS.map((key) => [key, undefined]));

const words = process.argv.slice(2);
for (let index = 0; index < words.length; index += 2) {
  const [directory, context] = words.slice(index, index + 2);
  if (directory === undefined || context === undefined)
    throw new Error('needs DIRECTORY CONTEXT …');
  synthesize(directory, { ...NOT_DEPLOYED, ...JSON.parse(context) });
  // One who waits for it goes on while the next one is made.
  console.log(directory);
}

/** Beside its place and then moved there: a run that is ended halfway leaves no half of an assembly. */
function synthesize(directory: string, context: Readonly<Record<string, unknown>>): void {
  const outdir = `${directory}.${process.pid}.building`;
  // cdk-nag and CloudFormation's rules say nothing about a local run; `cdk synth` and a test apply them.
  createApp({ outdir, context }).synth();
  if (existsSync(directory)) rmSync(outdir, { recursive: true });
  else renameSync(outdir, directory);
}
