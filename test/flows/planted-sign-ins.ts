/** People who can sign in and have done so, whom no page has seen: many times as quick as a sign-up. */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { createSessions } from '../../functions/adapters/dynamodb/sessions.ts';
import type { SessionId, Sub } from '../../functions/core/ids.ts';
import { addSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import { type Agent, createAgent } from '../harness/agent.ts';
import type { TestCloud } from '../harness/cloud.ts';
import type { Person } from '../harness/journeys.ts';
import { keyringsOf } from '../harness/markers-keys.ts';
import { createPlanting, newAddress } from './planted-people.ts';

const HOUR = 3600;

export type PlantSignedIn = () => Promise<{ readonly person: Person; readonly agent: Agent }>;

/**
 * Each has the password of somebody who has signed up by the pages, and its hash: no hash is worked
 * out twice. For deployments of one cell.
 */
export async function createPlantedSignIns(
  cloud: TestCloud,
  { password }: Person,
  sub: Sub,
): Promise<PlantSignedIn> {
  const { endpoint, region, ...credentials } = cloud.cloud.seed().aws;
  const dynamo = new DynamoDBClient({ endpoint, region, credentials });
  const [cell = ''] = Object.keys(cloud.regions);
  const { plantAccount } = createPlanting(cloud, dynamo, cell);
  const dataTable = `domicile-data-${cell}`;
  const sealer = createSealer(keyringsOf(cloud, cell));
  const sessions = createSessions({ dynamo, dataTable, sealer, idleLifetimeSeconds: HOUR });
  const items = await cloud.items('data');
  const known = items.find(({ pk, sk }) => pk === `USER#${sub}` && sk === 'ACCOUNT#PASSWORD');

  /** The cookie of a session that has just begun. */
  async function plantSession(owner: Sub): Promise<string> {
    const now = toEpochSeconds(cloud.cloud.clock.nowMs());
    const session = {
      ...{ sub: owner, sessionId: randomBytes(32).toString('base64url') as SessionId },
      ...{ authTime: now, amr: ['pwd'], createdAt: now, lastSeenAt: now },
      absoluteExpiresAt: addSeconds(now, HOUR),
    };
    const { cookie, put } = await sessions.preparing(session, undefined);
    await dynamo.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
    return cookie;
  }

  return async () => {
    const owner = randomBytes(16).toString('base64url') as Sub;
    const email = newAddress();
    await plantAccount(owner, email, String(known?.['phc']));
    const agent = createAgent(cloud.issuer);
    agent.cookies.set('session', await plantSession(owner));
    return { person: { email, password }, agent };
  };
}
