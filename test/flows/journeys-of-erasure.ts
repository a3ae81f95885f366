/** The end of accounts, as people, processors and operators bring it about, or keep it from coming. */
import * as z from 'zod';
import { createAgent } from '../harness/agent.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { readLink, signIn } from '../harness/journeys.ts';
import { askForErasure, DAY, type ErasureView, runTo } from './erasure-asking.ts';
import { createErasures, newRequestId } from './erasures.ts';
import type { Journey } from './every-journey.ts';
import { exportData } from './exports.ts';
import { requireAt, requireStatus } from './insisting.ts';
import { choose } from './journeys-of-choices.ts';
import { machineToken, type RestPerson, rest, signedInWithToken } from './rest.ts';
import { homeOf } from './seen-by.ts';

export const JOURNEYS_OF_ERASURE: ReadonlyArray<Journey> = [
  { name: 'an erasure, to the certificate and the release of the address', run: eraseToTheEnd },
  { name: 'an erasure that a processor does not answer', run: eraseWithoutAnswer },
  { name: 'an erasure undone by the mailed link', run: keepByLink },
  { name: 'an erasure undone by REST', run: keepByRest },
  { name: 'an erasure on behalf, held, released and undone', run: holdAndUndo },
  { name: 'an erasure that a restored table has to be told of', run: eraseAgain },
  { name: 'an erasure held for longer than an execution lasts', run: holdForAYear },
];

const Told = z.object({ requestId: z.string(), acknowledgement: z.string() });

async function acknowledgeAll(cloud: TestCloud, requestId: string): Promise<void> {
  const told = cloud
    .events()
    .filter(({ detailType }) => detailType === 'ErasureRequested')
    .map(({ detail }) => Told.parse(detail))
    .filter((one) => one.requestId === requestId);
  for (const { acknowledgement } of told) {
    const route = 'POST /v1/privacy/acknowledgements';
    requireStatus(await rest(cloud, route, { body: { acknowledgement } }), 200, 'thanks');
  }
}

/** Throws unless the workflow gets there. */
async function requireState(cloud: TestCloud, requestId: string, state: string): Promise<void> {
  const { states, status } = await runTo(cloud, requestId, state);
  if (states.some(({ name }) => name === state)) return;
  throw new Error(`the erasure ended as ${status} at ${states.at(-1)?.name}`);
}

async function eraseToTheEnd(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  await choose(cloud, person, { purposeId: 'product-news', state: 'granted' });
  // Its files lie there still when the account goes.
  await exportData(cloud, person);
  const { requestId } = await ask(cloud, person);
  await requireState(cloud, requestId, 'TellProcessors');
  await cloud.advance(1);
  await acknowledgeAll(cloud, requestId);
  await requireState(cloud, requestId, 'WaitQuarantine');
  const certificate = cloud
    .requireMail(person.person.email)
    .links.find((link) => link.includes('/v1/privacy/certificates/'));
  requireStatus(await fetch(certificate ?? cloud.issuer), 200, 'a certificate');
  await listRequests(cloud, requestId);
  await requireState(cloud, requestId, 'Erased');
}

async function listRequests(cloud: TestCloud, requestId: string): Promise<void> {
  const token = await machineToken(cloud, 'admin');
  const origin = cloud.cellUrls[homeOf(cloud)] ?? cloud.issuer;
  const route = 'GET /v1/admin/privacy/requests';
  requireStatus(await rest(cloud, `${route}?kind=erasure`, { token, origin }), 200, 'a list');
  const evidence = await rest(cloud, `${route}/${requestId}`, { token, origin });
  requireStatus(evidence, 200, 'evidence');
}

async function eraseWithoutAnswer(cloud: TestCloud): Promise<void> {
  const { requestId } = await ask(cloud, await signedInWithToken(cloud));
  await requireState(cloud, requestId, 'Remind');
  await requireState(cloud, requestId, 'WaitQuarantine');
}

async function requireUndone(cloud: TestCloud, requestId: string): Promise<void> {
  const { states, status } = await runTo(cloud, requestId);
  const ended = states.at(-1)?.name ?? '';
  if (status !== 'SUCCEEDED' || !/^Undone/.test(ended)) throw new Error(`${status} at ${ended}`);
}

async function keepByLink(cloud: TestCloud): Promise<void> {
  const { person, ...rights } = await signedInWithToken(cloud);
  const { requestId } = await ask(cloud, { person, ...rights });
  await cloud.advance(1);
  const agent = createAgent(cloud);
  const page = await agent.get(await readLink(cloud, person.email, '/keep-account'));
  await agent.submit(page, '/keep-account');
  await requireUndone(cloud, requestId);
  requireAt(await signIn(agent, await agent.get('/sign-in'), person), '/account');
}

/** Who signs in within the time is asked; the word that asking was answered with does it, too. */
async function keepByRest(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const { requestId, keepToken } = await ask(cloud, person);
  await cloud.advance(1);
  const agent = createAgent(cloud);
  const asked = await signIn(agent, await agent.get('/sign-in'), person.person);
  requireAt(asked, '/keep-account');
  const call = { token: keepToken };
  requireStatus(await rest(cloud, 'GET /v1/me/erasure', call), 200, 'how far it is');
  requireStatus(await rest(cloud, 'DELETE /v1/me/erasure', call), 200, 'undoing');
  await requireUndone(cloud, requestId);
}

/** As the person does, who is told how to undo it. */
async function ask(cloud: TestCloud, person: RestPerson): Promise<ErasureView> {
  const asked = await askForErasure(cloud, person);
  await readLink(cloud, person.person.email, '/keep-account');
  return asked;
}

interface Held {
  readonly requestId: string;
  /** The hold's own. */
  readonly path: `/${string}`;
}

/** Asked for by an administrator, who has placed a hold; it waits for that. */
async function eraseUnderHold(cloud: TestCloud, { sub, person }: RestPerson): Promise<Held> {
  const token = await machineToken(cloud, 'admin');
  const holds = `/v1/admin/privacy/people/${sub}/holds` as const;
  const lawsuit = { reason: `a lawsuit of ${person.email}` };
  const placed = await rest(cloud, `POST ${holds}`, { token, body: lawsuit });
  requireStatus(placed, 201, 'a hold');
  requireStatus(await rest(cloud, `GET ${holds}`, { token }), 200, 'holds');
  const body = { kind: 'erasure', sub, reason: 'a letter' };
  const headers = { 'idempotency-key': `letter-${sub}` };
  const call = { token, body, headers };
  const asked = await rest<Held>(cloud, 'POST /v1/admin/privacy/requests', call);
  requireStatus(asked, 202, 'an erasure on behalf');
  await readLink(cloud, person.email, '/keep-account');
  const { requestId } = asked.json;
  await requireState(cloud, requestId, 'WaitHold');
  return { requestId, path: `${holds}/${String(placed.json['holdId'])}` };
}

async function release(cloud: TestCloud, { path }: Held): Promise<void> {
  const token = await machineToken(cloud, 'admin');
  const call = { token, body: { reason: 'the lawsuit is over' } };
  requireStatus(await rest(cloud, `DELETE ${path}`, call), 204, 'the release of a hold');
}

async function holdAndUndo(cloud: TestCloud): Promise<void> {
  const held = await eraseUnderHold(cloud, await signedInWithToken(cloud));
  await release(cloud, held);
  const token = await machineToken(cloud, 'admin');
  const origin = cloud.cellUrls[homeOf(cloud)] ?? cloud.issuer;
  const route = `DELETE /v1/admin/privacy/requests/${held.requestId}` as const;
  const call = { token, origin, body: { reason: 'another letter' } };
  requireStatus(await rest(cloud, route, call), 200, 'undoing');
  await requireUndone(cloud, held.requestId);
}

/** An execution ends within a year, so that another has to go on. */
async function holdForAYear(cloud: TestCloud): Promise<void> {
  const held = await eraseUnderHold(cloud, await signedInWithToken(cloud));
  await cloud.advance(361 * DAY);
  await requireState(cloud, held.requestId, 'Continued');
  await release(cloud, held);
  await requireState(cloud, `${held.requestId}.2`, 'TellProcessors');
}

/** Restores the tables as they were before, and erases in the copies. */
async function eraseAgain(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const { requestId } = await ask(cloud, person);
  await requireState(cloud, requestId, 'WaitCodes');
  const before = cloud.cloud.clock.nowMs();
  await requireState(cloud, requestId, 'TellProcessors');
  await cloud.advance(600);
  const secondsAgo = Math.ceil((cloud.cloud.clock.nowMs() - before) / 1000);
  const cell = homeOf(cloud);
  const mark = requestId.replace(/[^\w]/g, '').slice(0, 8);
  const copyOf = (table: 'data' | 'keys') => {
    const target = `domicile-${table}-${cell}-restored-${mark}` as const;
    return cloud.restore({ table, cell, secondsAgo, target });
  };
  // In the primary region, wherever the person is at home.
  const directoryCopy = `domicile-directory-restored-${mark}` as const;
  const directory = { table: 'directory', secondsAgo, target: directoryCopy } as const;
  const directoryTable = await cloud.restore(directory);
  const [table, keysTable] = [await copyOf('data'), await copyOf('keys')];
  const isBack = async () =>
    (await cloud.items(table, cell)).some(({ pk }) => pk === `USER#${person.sub}`);
  if (!(await isBack())) throw new Error('the copies have nobody to erase');
  const { status } = await startReplay(cloud, cell, { table, keysTable });
  if (status !== 'SUCCEEDED') throw new Error(`the replay ended as ${status}`);
  if (await isBack()) throw new Error('somebody is left');
  const isFound = async () =>
    (await cloud.items(directoryTable)).some(({ sub }) => sub === person.sub);
  if (!(await isFound())) throw new Error('the copy of the directory leads to nobody');
  const freed = await startReplay(cloud, cell, { directoryTable });
  if (freed.status !== 'SUCCEEDED') throw new Error(`its replay ended as ${freed.status}`);
  if (await isFound()) throw new Error('the copy of the directory still leads to somebody');
  const live = await startReplay(cloud, cell, {});
  if (live.status !== 'SUCCEEDED') throw new Error(`another replay ended as ${live.status}`);
}

async function startReplay(cloud: TestCloud, cell: string, input: object) {
  const erasures = createErasures(cloud, cell);
  const name = newRequestId();
  await erasures.start('domicile-erasure-replay', input, name);
  await cloud.advance(1);
  erasures.close();
  return erasures.view(name);
}
