import { parseArgs } from 'node:util';
import { withFewCountries } from '../test/flows/cell-countries.ts';
import { startTestCloud, type TestCloud } from '../test/harness/cloud.ts';
import { type BundleReport, measureBundles } from './bundles.ts';
import { conclude } from './conclusion.ts';
import { writeSection } from './marked-section.ts';
import { measureLoads } from './memory.ts';
import { describeLoads } from './memory-report.ts';
import { PLACES } from './places.ts';
import { PRICES_READ } from './prices.ts';
import { measurePrivacy, privacyOverruns, privacyRows } from './privacy.ts';
import { reportQueue } from './privacy-queue.ts';
import { bundleRows, flowRows, placeRows, type Rows, toMarkdown, toText } from './report.ts';
import { reportOneCell, reportPlaces } from './reported-flows.ts';

const HELP = `npm run bench -- [--write] [--flows-only | --memory | --queue N]

Runs every flow in the local cloud and compares its AWS calls, their depth and its KMS calls with
the budgets: with one cell, then with three, for somebody at home in the cell that answers, through
the primary cell, and through one that is neither and remembers nothing of the others. Calls take as long as in AWS, the ways between regions included.
Then compares each function's bundle with one that only constructs the SDK clients that it uses.
Exit code 1 when anything is over budget.

  --write        also put the tables into README.md, those of --memory into ADR 0010
  --latency aws  as it is anyway: which calls wait for each other is seen only so
  --flows-only   leave the bundles out
  --memory       instead: what each surface's heaviest request takes and costs by memory size
  --queue N      instead: N erasures asked for at once, while people sign in
  --help         this text`;

const MEMORY_RECORD = 'docs/adr/0010-memory-sizes.md';

const FLOW_NOTE =
  'Measured (budget). Dollars: AWS list prices of ' +
  `${PRICES_READ.region}, ${PRICES_READ.year}, without free tier, for API, Lambda, DynamoDB, KMS ` +
  "and SES; Lambda's share depends on the machine that measured.";
const WAITING_NOTE =
  "Waiting: for AWS, with its services' typical times and published round trips between regions, over " +
  'open connections: the first call to a region in a while takes two round trips more.';
const PRIVACY_NOTE =
  'From the request to its end, of the function that does the states. Transitions of Step Functions are the ' +
  'dearest part for few items, writes for many. Ten times the items may cost ten times the calls.';
const BUNDLE_NOTE =
  'Import ratio: how much more processor time a fresh Node takes to import the bundle than one that only ' +
  'constructs the same SDK clients (limit).';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      'flows-only': { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      queue: { type: 'string' },
      latency: { type: 'string', default: 'aws' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (values.latency !== 'aws') throw new Error('budgets are judged with --latency aws alone');
  if (values.queue !== undefined) await reportQueue(Number(values.queue));
  else if (values.memory) await withCloud([], (cloud) => reportMemory(cloud, values.write));
  else await reportBudgets(values['flows-only'], values.write);
}

async function withCloud<Result>(
  cells: ReadonlyArray<string>,
  use: (cloud: TestCloud) => Promise<Result>,
): Promise<Result> {
  const several = cells.length > 0 && { cells, transformTemplate: withFewCountries };
  const cloud = await startTestCloud({ latency: 'aws', pauses: 'real', isNew: true, ...several });
  try {
    return await use(cloud);
  } finally {
    await cloud.close();
  }
}

async function reportMemory(cloud: TestCloud, isWritten: boolean): Promise<void> {
  const loads = await measureLoads(cloud);
  console.log(describeLoads(loads, 'text'));
  if (isWritten) await writeSection(MEMORY_RECORD, 'memory', describeLoads(loads, 'markdown'));
}

async function reportBudgets(flowsOnly: boolean, isWritten: boolean): Promise<void> {
  const sections: Array<readonly [rows: Rows, note: string]> = [];
  const show = (rows: Rows, note: string) => {
    sections.push([rows, note]);
    console.log(`${toText(rows)}\n\n${note}\n`);
  };
  const { flows, bundles } = await withCloud([], async (cloud) => {
    const reports = await reportOneCell(cloud);
    show(flowRows(reports), FLOW_NOTE);
    return { flows: reports, bundles: flowsOnly ? [] : await reportBundles(cloud) };
  });
  const places = await withCloud(['eu', 'us', 'ap'], reportPlaces);
  for (const { place, flows: there } of places) {
    const notes = place === PLACES.at(-1) ? [place.description, WAITING_NOTE] : [place.description];
    show(placeRows(there), notes.join(' '));
  }
  const privacy = flowsOnly ? [] : await withCloud([], (cloud) => measurePrivacy(cloud));
  if (privacy.length > 0) show(privacyRows(privacy), PRIVACY_NOTE);
  if (bundles.length > 0) show(bundleRows(bundles), BUNDLE_NOTE);
  if (isWritten) {
    const text = sections.map(([rows, note]) => `${toMarkdown(rows)}\n\n${note}`);
    await writeSection('README.md', 'budgets', text.join('\n\n'));
  }
  const placed = places.flatMap(({ place, flows: there }) =>
    there.map((report) => ({ ...report, name: `${report.name}, ${place.name}` })),
  );
  const { exitCode, text } = conclude([...flows, ...placed], bundles, privacyOverruns(privacy));
  console.log(text);
  process.exitCode = exitCode;
}

function reportBundles({ cloud }: TestCloud): Promise<ReadonlyArray<BundleReport>> {
  return measureBundles(cloud.deployment, (surface) => {
    console.error(`importing ${surface} …`);
  });
}

await main();
