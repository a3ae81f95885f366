import { readFunction } from '../local/lambda/from-template.ts';
import type { TestCloud } from '../test/harness/cloud.ts';
import { costOfFlow, type Priced } from './cost.ts';
import { type Flow, measureFlow } from './flow.ts';
import { FLOWS } from './flows.ts';
import { FLOWS_OF_CELLS } from './flows-of-cells.ts';
import type { Budget } from './measure.ts';
import { PLACES, type Place } from './places.ts';
import type { FlowReport } from './report.ts';
import { type Stage, setStage, setStageBetween } from './stage.ts';

export async function reportOneCell(cloud: TestCloud): Promise<ReadonlyArray<FlowReport>> {
  const stage = await setStage(cloud);
  const priced = await readPriced(cloud);
  const reports: Array<FlowReport> = [];
  for (const flow of FLOWS) reports.push(await report(flow, flow.budget, stage, priced));
  return reports;
}

export interface PlaceReport {
  readonly place: Place;
  readonly flows: ReadonlyArray<FlowReport>;
}

export async function reportPlaces(cloud: TestCloud): Promise<ReadonlyArray<PlaceReport>> {
  const priced = await readPriced(cloud);
  const reports: Array<PlaceReport> = [];
  for (const place of PLACES) {
    const stage = await setStageBetween(cloud, place);
    const flows: Array<FlowReport> = [];
    for (const flow of FLOWS_OF_CELLS) {
      flows.push(await report(flow, place.budgetOf(flow), stage, priced));
    }
    reports.push({ place, flows });
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

export async function readPriced({ cloud, items, cellUrls }: TestCloud): Promise<Priced> {
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
