/** Every kind of act is told of, by the journeys of every-journey.test.ts: the audit trail has no gap that nobody would notice (GDPR Art. 30). */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ACT_KINDS, type ActKind, type Actor } from '../../functions/core/audit/act.ts';
import { createAgent } from '../harness/agent.ts';
import { redeem, registerApp } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { authorize, createSignedIn, obtainCode, signIn } from '../harness/journeys.ts';
import { EVERY_JOURNEY, type Journey } from './every-journey.ts';
import { requireDelivered } from './journeys-of-audit.ts';
import { EVERY_ROTATION } from './journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from './journeys-of-privacy.ts';

/** What the other journeys need not go through. */
const MORE: ReadonlyArray<Journey> = [
  { name: 'too many wrong passwords', run: guessTooOften },
  { name: 'a code redeemed twice', run: redeemTwice },
];

/** By whom, on which journeys. Each of them leaves one, whatever the others do. */
type Told = readonly [actor: Actor['type'], ...journeys: ReadonlyArray<string>];

const SIGN_UP = 'sign-up by code on the way to an app';
const TOKENS = 'tokens, profile, refresh and revocation';
const CHOICES = 'purposes agreed to and withdrawn';
const ON_THE_PHONE = 'purposes agreed to by telephone';
const PARENT = 'a child whose parent is asked';
const EXPORT = 'an export, to the download and to its end';
const EXPORT_ON_BEHALF = 'an export that an administrator asks for';
const ERASURE = 'an erasure, to the certificate and the release of the address';
const ON_BEHALF = 'an erasure on behalf, held, released and undone';
const BY_REST = 'an erasure undone by REST';
const CLIENT = 'an operator manages a client';
const PAGES = 'answers on the privacy page, and their receipts';

const TOLD: Readonly<Record<ActKind, ReadonlyArray<Told>>> = {
  'account.created': [['person', SIGN_UP]],
  'account.erasing': [
    ['person', ERASURE, BY_REST],
    ['client', ON_BEHALF],
  ],
  'account.kept': [
    ['person', BY_REST],
    ['client', ON_BEHALF],
  ],
  'account.closed': [['system', ERASURE]],
  'session.begun': [['person', SIGN_UP, 'sign-in after a wrong password', 'recovery by code']],
  'session.ended': [['person', 'sign-out in the portal', 'sign-out by the app', ERASURE]],
  'sign-in.tried': [['anonymous', 'sign-in after a wrong password']],
  'sign-in.locked': [['anonymous', 'too many wrong passwords']],
  'password.changed': [['person', 'another password in the portal']],
  'password.recovered': [['person', 'recovery by code', 'recovery by link']],
  'grant.issued': [['person', TOKENS]],
  'grant.revoked': [['client', TOKENS]],
  'grant.reused': [['client', 'a code redeemed twice']],
  'scopes.allowed': [['person', 'consent for a foreign app']],
  'scopes.withdrawn': [['person', 'an app that loses its access']],
  'consent.given': [
    ['person', CHOICES, PAGES],
    ['client', ON_THE_PHONE],
  ],
  'consent.withdrawn': [
    ['person', CHOICES],
    ['client', ON_THE_PHONE],
  ],
  'consent.objected': [['person', CHOICES]],
  'consent.parent-asked': [['person', PARENT]],
  'consent.parent-answered': [['client', PARENT]],
  'preferences.changed': [['person', CHOICES, PAGES]],
  'export.requested': [
    ['person', EXPORT],
    ['client', EXPORT_ON_BEHALF],
  ],
  'export.ready': [['system', EXPORT]],
  'export.downloaded': [
    ['person', EXPORT],
    ['client', EXPORT_ON_BEHALF],
  ],
  'export.expired': [['system', EXPORT]],
  'erasure.requested': [
    ['person', ERASURE],
    ['client', ON_BEHALF],
  ],
  'erasure.undone': [
    ['person', BY_REST],
    ['client', ON_BEHALF],
  ],
  'erasure.begun': [['system', ERASURE]],
  'erasure.completed': [['system', ERASURE]],
  'erasure.replayed': [['system', 'an erasure that a restored table has to be told of']],
  'person.looked-up': [['client', EXPORT_ON_BEHALF]],
  'processor.told': [['system', EXPORT, ERASURE]],
  'processor.acknowledged': [['system', EXPORT, ERASURE]],
  'processor.overdue': [['system', 'an erasure that a processor does not answer']],
  'request.read': [['client', ERASURE]],
  'request.listed': [['client', ERASURE]],
  'hold.placed': [['client', ON_BEHALF]],
  'hold.released': [['client', ON_BEHALF]],
  'hold.read': [['client', ON_BEHALF]],
  'client.created': [['system', CLIENT]],
  'client.changed': [['system', CLIENT]],
  'client.deleted': [['system', CLIENT]],
  'keys.moved': [['system', 'an operator rotates the signing keys']],
};

const Recorded = z.object({
  id: z.string(),
  kind: z.enum(ACT_KINDS),
  actor: z.looseObject({ type: z.string() }),
  reason: z.string().optional(),
});
export type Recorded = z.infer<typeof Recorded>;

/** Those that are named above; throws when there is no such journey. */
export function journeysToldOf(): ReadonlyArray<Journey> {
  const journeys = [...MORE, ...EVERY_ROTATION, ...EVERY_JOURNEY, ...JOURNEYS_OF_PRIVACY];
  const named = new Set(Object.values(TOLD).flatMap((told) => told.flatMap(([, ...by]) => by)));
  const found = journeys.filter(({ name }) => named.has(name));
  const unknown = [...named].filter((name) => !found.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`there is no journey ${unknown.join(' or ')}`);
  return found;
}

/** Goes it to its end; answers with what the trail has more after it. */
export async function recordedOf(
  journey: Journey,
  cloud: TestCloud,
): Promise<ReadonlyArray<Recorded>> {
  const before = await recorded(cloud);
  await journey.run(delivering(cloud));
  const after = await recorded(cloud);
  return [...after].filter(([id]) => !before.has(id)).map(([, record]) => record);
}

/** A stream keeps its records for a day: they are read before the clock is moved by more. */
function delivering(cloud: TestCloud): TestCloud {
  return {
    ...cloud,
    async advance(seconds) {
      await cloud.deliverStreams();
      await cloud.advance(seconds);
    },
  };
}

/** The whole trail, by act. */
async function recorded(cloud: TestCloud): Promise<ReadonlyMap<string, Recorded>> {
  await requireDelivered(cloud);
  const found = (await cloud.items('records')).flatMap(({ record }) =>
    typeof record === 'string' ? [Recorded.parse(JSON.parse(record))] : [],
  );
  return new Map(found.map((record) => [record.id, record]));
}

const ROWS = ACT_KINDS.flatMap((kind) =>
  TOLD[kind].flatMap(([actor, ...by]) => by.map((journey) => ({ kind, actor, journey }))),
);

/** Declares the tests, of the acts that each journey has left. */
export function testActs(recordedBy: () => ReadonlyMap<string, ReadonlyArray<Recorded>>): void {
  test.each(ROWS)('$kind, by $actor: $journey', ({ kind, actor, journey }) => {
    const acts = (recordedBy().get(journey) ?? []).map((act) => `${act.kind} by ${act.actor.type}`);
    expect(acts).toContain(`${kind} by ${actor}`);
  });

  test.each([
    ['hold.released', 'the lawsuit is over'],
    ['erasure.undone', 'another letter'],
    ['account.kept', 'another letter'],
  ])('%s by an operator is told of with the reason', (kind, reason) => {
    const acts = recordedBy().get(ON_BEHALF) ?? [];
    expect(acts.find((act) => act.kind === kind)?.reason).toBe(reason);
  });
}

async function guessTooOften(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { person } = await createSignedIn(cloud);
  const agent = createAgent(cloud);
  for (let tries = 0; tries < 12; tries += 1) {
    const { answer } = await authorize(cloud, agent, app);
    await signIn(agent, answer, { ...person, password: 'not the right one' });
  }
}

async function redeemTwice(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const { attempt, code } = await obtainCode(cloud, agent, app);
  await redeem(cloud, attempt, code);
  await redeem(cloud, attempt, code);
}
