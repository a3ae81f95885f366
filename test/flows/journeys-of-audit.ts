/** The audit trail, as the streams, the workflow and operators go about it. */
import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TestCloud } from '../harness/cloud.ts';
import { createAudits, HOUR } from './audits.ts';
import { createErasures } from './erasures.ts';
import type { Journey } from './every-journey.ts';
import { signedInWithToken } from './rest.ts';
import { homeOf } from './seen-by.ts';

/** Before the clock is moved by weeks: each hour is sealed by itself. */
export const JOURNEYS_OF_AUDIT: ReadonlyArray<Journey> = [
  { name: 'the audit trail gathered, sealed, archived and verified', run: auditAll },
  { name: 'what comes too late for its hour', run: recordLate },
  { name: 'what the trail cannot read', run: loseAct },
];

async function auditAll(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const audits = createAudits(cloud, homeOf(cloud));
  try {
    await requireDelivered(cloud);
    await audits.sealAll();
    const found = await audits.find({ person: person.sub });
    if (found.length === 0) throw new Error('nothing was recorded');
    const { findings } = await audits.verify();
    if (findings.length > 0) throw new Error(`found: ${JSON.stringify(findings)}`);
  } finally {
    audits.close();
  }
}

/** Its hour has been sealed when the stream tells of it. */
async function recordLate(cloud: TestCloud): Promise<void> {
  const { sub } = await signedInWithToken(cloud);
  const audits = createAudits(cloud, homeOf(cloud));
  try {
    await cloud.advance(3 * HOUR);
    await requireDelivered(cloud);
    if ((await audits.find({ person: sub })).length === 0) throw new Error('nothing was recorded');
  } finally {
    audits.close();
  }
}

/** It goes to the queue of failures, once it has been tried for a while. */
async function loseAct(cloud: TestCloud): Promise<void> {
  const cell = homeOf(cloud);
  const lost = () =>
    cloud.queues().find(({ region }) => region === cloud.regions[cell])?.messages.length ?? 0;
  const lostBefore = lost();
  const erasures = createErasures(cloud, cell);
  const id = { S: randomBytes(8).toString('hex') };
  const act = { M: { id, kind: { S: 'an act that nobody has thought of' } } };
  const Item = { pk: { S: `ACT#${id.S}` }, sk: { S: 'ACT' }, act };
  const put = new PutItemCommand({ TableName: `domicile-data-${cell}`, Item });
  await erasures.dynamo.send(put);
  erasures.close();
  for (let tries = 0; tries < 60 && !(await cloud.deliverStreams()); tries += 1) {
    await cloud.advance(60);
  }
  if (lost() === lostBefore) throw new Error('nobody is told of what was lost');
}

/** Everything that happened so far is on record. */
export async function requireDelivered(cloud: TestCloud): Promise<void> {
  if (!(await cloud.deliverStreams())) throw new Error('what happened could not be recorded');
}
