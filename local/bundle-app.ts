/** The entry of the process that bundles: `synthesis.ts` starts it. */
import { bundleSurfaces } from '../lib/bundling.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('needs DIRECTORY');
bundleSurfaces(directory);
