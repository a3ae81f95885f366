import { readFunction } from '../local/lambda/from-template.ts';
import type { TestCloud } from '../test/harness/cloud.ts';
import { costOfFlow, type Priced } from './cost.ts';
import { FLOWS, FLOWS_ELSEWHERE, type Flow, measureFlow } from './flows.ts';
import type { Budget } from './measure.ts';
import type { CellsReport, FlowReport } from './report.ts';
import { type Stage, setStage, setStageBetween } from './stage.ts';

/** Not the primary cell: what registration costs between regions is to be seen. */
const HOME = 'us';
/** The primary cell, an ocean away. */
const FOREIGN = 'eu';

export async function reportOneCell(cloud: TestCloud): Promise<ReadonlyArray<FlowReport>> {
  const stage = await setStage(cloud);
  const priced = await readPriced(cloud);
  const reports: Array<FlowReport> = [];
  for (const flow of FLOWS) reports.push(await report(flow, flow.budget, stage, priced));
  return reports;
}

export async function reportCells(cloud: TestCloud): Promise<ReadonlyArray<CellsReport>> {
  const priced = await readPriced(cloud);
  const atHome = new Map<string, FlowReport>();
  const home = await setStageBetween(cloud, { home: HOME, entry: HOME });
  for (const flow of FLOWS) {
    atHome.set(flow.name, await report(flow, flow.budgetAtHome ?? flow.budget, home, priced));
  }
  const foreign = await setStageBetween(cloud, { home: HOME, entry: FOREIGN });
  const reports: Array<CellsReport> = [];
  for (const flow of FLOWS_ELSEWHERE) {
    const budget = flow.budgetElsewhere ?? flow.budgetAtHome ?? flow.budget;
    const elsewhere = await report(flow, budget, foreign, priced);
    reports.push({ name: flow.name, atHome: atHome.get(flow.name), elsewhere });
  }
  return reports;
}

async function report(
  flow: Flow,
  budget: Budget,
  stage: Stage,
  priced: Priced,
): Promise<FlowReport> {
  const measured = await measureFlow(flow, stage);
  return { name: flow.name, budget, measured, cost: costOfFlow(measured, priced) };
}

async function readPriced({ cloud, items, cellUrls }: TestCloud): Promise<Priced> {
  const { deployment } = cloud;
  const functions = deployment
    .byType('AWS::Lambda::Function')
    .map((resource) => readFunction(deployment, resource));
  // Made at run time: the template does not know them.
  const signingKeys = (await items('directory')).filter(({ alg }) => alg === 'ES256');
  return {
    memoryOf: (name) => functions.find((definition) => definition.name === name)?.memoryMb ?? 0,
    eccKeys: signingKeys.map(({ keyId }) => String(keyId)),
    directoryReplicas: Object.keys(cellUrls).length,
  };
}
