/** What people do on the portal's pages about privacy. */
import type { Agent, Answer } from '../harness/agent.ts';
import { refresh, registerApp, requireText } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { createSignedIn, obtainTokens, readLink } from '../harness/journeys.ts';
import type { Journey } from './every-journey.ts';
import { answerAll } from './exports.ts';
import { requireAt, requireError, requireStatus } from './insisting.ts';
import { requireDelivered } from './journeys-of-audit.ts';

const PAGE = '/account/privacy';

export const JOURNEYS_OF_PRIVACY_PAGES: ReadonlyArray<Journey> = [
  { name: 'answers on the privacy page, and their receipts', run: chooseOnPages },
  { name: 'an app that loses its access', run: removeApp },
  { name: 'a copy of one’s own data, asked for on pages', run: exportOnPages },
  { name: 'the end of an account, asked for on pages and called off', run: deleteOnPages },
];

async function choose(agent: Agent, fields: Readonly<Record<string, string>>): Promise<Answer> {
  return agent.submit(await agent.get(PAGE), `${PAGE}/consents`, fields);
}

/** Answers of every kind, one that takes an age included; their history, and a receipt. */
async function chooseOnPages(cloud: TestCloud): Promise<void> {
  const { agent } = await createSignedIn(cloud);
  requireAt(await choose(agent, { answer: 'granted product-news' }), PAGE);
  const age = await choose(agent, { answer: 'granted personalised-advertising' });
  const told = { birthdate: '1990-05-17', country: 'DE' };
  const agreed = await agent.submit(age, `${PAGE}/consents`, told);
  const tips = { 'topic.tips.email': 'on' };
  const preferred = await agent.submit(agreed, `${PAGE}/preferences`, tips);
  requireAt(await agent.submit(preferred, `${PAGE}/do-not-sell`, { on: 'yes' }), PAGE);
  await requireDelivered(cloud);
  const history = await agent.get(`${PAGE}/history`);
  requireStatus(history, 200, 'the history');
  const receipt = history.document.querySelector('a[href*="/receipts/"]')?.getAttribute('href');
  requireStatus(await agent.get(receipt ?? ''), 200, 'a receipt');
  requireStatus(await agent.get(`${receipt}/file`), 200, 'a signed receipt');
}

async function removeApp(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  const page = await agent.get(PAGE);
  if (!page.body.includes(app.clientId)) throw new Error('the app is not listed');
  requireAt(await agent.submit(page, `${PAGE}/apps/remove`, { app: app.clientId }), PAGE);
  requireError(await refresh(cloud, app, requireText(tokens, 'refresh_token')), 'invalid_grant');
}

async function exportOnPages(cloud: TestCloud): Promise<void> {
  const { agent } = await createSignedIn(cloud);
  const asked = await agent.submit(await agent.get(`${PAGE}/export`), `${PAGE}/export`);
  requireAt(asked, `${PAGE}/export`);
  const [run] = cloud.executions('domicile-export');
  await cloud.advance(3);
  const waiting = await agent.get(`${PAGE}/export`);
  if (!waiting.body.includes('Step 2 of 3')) throw new Error('nobody is waited for');
  await answerAll(cloud, run?.name ?? '');
  const ready = await agent.get(`${PAGE}/export`);
  if (!ready.body.includes('To the download')) throw new Error('no copy is ready');
}

/** A wrong password first, since tries are counted; and undone by the mailed link. */
async function deleteOnPages(cloud: TestCloud): Promise<void> {
  const { agent, person } = await createSignedIn(cloud);
  const path = `${PAGE}/delete`;
  const page = await agent.submit(await agent.get(path), path, { password: 'not my password' });
  requireStatus(page, 400, 'a wrong password');
  const { password } = person;
  requireStatus(await agent.submit(page, path, { password }), 200, 'the end of an account');
  requireAt(await agent.get(PAGE), '/sign-in');
  const kept = await agent.get(await readLink(cloud, person.email, '/keep-account'));
  requireStatus(await agent.submit(kept, '/keep-account'), 200, 'an account kept');
}
