import { parseArgs } from 'node:util';
import { readFunction } from '../local/lambda/from-template.ts';
import { startTestCloud, type TestCloud } from '../test/harness/cloud.ts';
import { type BundleReport, measureBundles } from './bundles.ts';
import { conclude } from './conclusion.ts';
import { costOfFlow, type Priced } from './cost.ts';
import { FLOWS, measureFlow, setStage } from './flows.ts';
import { writeSection } from './marked-section.ts';
import { measureLoads } from './memory.ts';
import { describeLoads } from './memory-report.ts';
import { PRICES_READ } from './prices.ts';
import { bundleRows, type FlowReport, flowRows, toMarkdown, toText } from './report.ts';

const HELP = `npm run bench -- [--write] [--flows-only | --memory]

Runs every flow in the local cloud and compares its AWS calls, their depth and its KMS calls with
the budgets; then compares each function's bundle with one that only constructs the SDK clients
that it uses. Exit code 1 when anything is over budget.

  --write        also put the tables into README.md, those of --memory into ADR 0010
  --flows-only   leave the bundles out
  --memory       instead: what each surface's heaviest request takes and costs by memory size
  --help         this text`;

const MEMORY_RECORD = 'docs/adr/0010-memory-sizes.md';

const FLOW_NOTE =
  'Measured (budget). Dollars: AWS list prices of ' +
  `${PRICES_READ.region}, ${PRICES_READ.year}, without free tier, for API, Lambda, DynamoDB, KMS ` +
  "and SES; Lambda's share depends on the machine that measured.";
const BUNDLE_NOTE =
  'Import ratio: how much more processor time a fresh Node takes to import the bundle than one that only ' +
  'constructs the same SDK clients (limit).';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      'flows-only': { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const cloud = await startTestCloud({ latency: 'aws' });
  try {
    if (values.memory) await reportMemory(cloud, values.write);
    else await reportBudgets(cloud, values['flows-only'], values.write);
  } finally {
    await cloud.close();
  }
}

async function reportMemory(cloud: TestCloud, isWritten: boolean): Promise<void> {
  const loads = await measureLoads(cloud);
  console.log(describeLoads(loads, 'text'));
  if (isWritten) await writeSection(MEMORY_RECORD, 'memory', describeLoads(loads, 'markdown'));
}

async function reportBudgets(
  cloud: TestCloud,
  flowsOnly: boolean,
  isWritten: boolean,
): Promise<void> {
  const flows = await measureFlows(cloud);
  console.log(`${toText(flowRows(flows))}\n\n${FLOW_NOTE}\n`);
  const bundles = flowsOnly ? [] : await reportBundles(cloud);
  if (bundles.length > 0) console.log(`${toText(bundleRows(bundles))}\n\n${BUNDLE_NOTE}\n`);
  if (isWritten) await writeSection('README.md', 'budgets', toReadme(flows, bundles));
  const { exitCode, text } = conclude(flows, bundles);
  console.log(text);
  process.exitCode = exitCode;
}

async function measureFlows(cloud: TestCloud): Promise<ReadonlyArray<FlowReport>> {
  const stage = await setStage(cloud);
  const priced = readPriced(cloud);
  const reports: Array<FlowReport> = [];
  for (const flow of FLOWS) {
    const measured = await measureFlow(flow, stage);
    const { name, budget } = flow;
    reports.push({ name, budget, measured, cost: costOfFlow(measured, priced) });
  }
  return reports;
}

function readPriced({ cloud: { deployment } }: TestCloud): Priced {
  const functions = deployment
    .byType('AWS::Lambda::Function')
    .map((resource) => readFunction(deployment, resource));
  const eccKeys = deployment
    .byType('AWS::KMS::Key')
    .filter(({ properties }) => String(properties['KeySpec']).startsWith('ECC_'))
    .map(({ attributes }) => String(attributes['Arn']));
  return {
    memoryOf: (name) => functions.find((definition) => definition.name === name)?.memoryMb ?? 0,
    eccKeys,
  };
}

function reportBundles({ cloud }: TestCloud): Promise<ReadonlyArray<BundleReport>> {
  return measureBundles(cloud.deployment, (surface) => {
    console.error(`importing ${surface} …`);
  });
}

function toReadme(flows: ReadonlyArray<FlowReport>, bundles: ReadonlyArray<BundleReport>): string {
  const parts = [toMarkdown(flowRows(flows)), FLOW_NOTE];
  if (bundles.length > 0) parts.push(toMarkdown(bundleRows(bundles)), BUNDLE_NOTE);
  return parts.join('\n\n');
}

await main();
