/** Processors on the way to the end of an erasure: what they are told, and what they answer. */
import type { TestCloud } from '../harness/cloud.ts';
import { askForErasure, requestOf, runTo } from './erasure-asking.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { type RestPerson, rest } from './rest.ts';

/** What a processor is told of an erasure. */
export interface Told {
  readonly requestId: string;
  readonly sub: string;
  readonly processorId: string;
  readonly acknowledgement: string;
}

/** What a processor was told, the newest last. */
export function toldOf(
  cloud: TestCloud,
  requestId: string,
  processorId?: string,
): ReadonlyArray<Told> {
  return cloud
    .events()
    .map(({ detail }) => detail as Told)
    .filter((told) => told.requestId === requestId)
    .filter((told) => processorId === undefined || told.processorId === processorId);
}

/** As a processor does, by the word that it was told. */
export async function acknowledge(cloud: TestCloud, acknowledgement: string, more: object = {}) {
  return rest(cloud, 'POST /v1/privacy/acknowledgements', { body: { acknowledgement, ...more } });
}

/** Somebody who has asked for the end of the account. */
export type Asked = RestPerson & { readonly requestId: string };

export async function ask(cloud: TestCloud): Promise<Asked> {
  const person = await plantedWithToken(cloud);
  const { requestId } = await askForErasure(cloud, person);
  return { ...person, requestId };
}

/** Somebody whose processors have been told. */
export async function untilTold(cloud: TestCloud): Promise<Asked> {
  const person = await ask(cloud);
  await runTo(cloud, person.requestId, 'TellProcessors');
  await cloud.advance(1);
  return person;
}

/** Somebody whose processors have all acknowledged, at the place in the quarantine. */
export async function untilCertified(cloud: TestCloud) {
  const person = await untilTold(cloud);
  for (const { acknowledgement } of toldOf(cloud, person.requestId))
    await acknowledge(cloud, acknowledgement);
  await runTo(cloud, person.requestId, 'WaitQuarantine');
  const certificateId = String((await requestOf(cloud, person.requestId))?.['certificateId']);
  return { ...person, certificateId };
}
