/** Choices of purposes: agreed to, withdrawn, renewed, and by a parent. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { createAgent } from '../harness/agent.ts';
import { requireText } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { obtainTokens, signIn } from '../harness/journeys.ts';
import { createErasures } from './erasures.ts';
import { requireAt, requireStatus } from './insisting.ts';
import { type Purpose, purposeOf, wordsOf } from './purposes.ts';
import { machineToken, type RestPerson, rest, signedInWithToken } from './rest.ts';
import { homeOf } from './seen-by.ts';

/** As an app does that shows the words itself. */
export async function choose(
  cloud: TestCloud,
  person: RestPerson,
  { purposeId, ...more }: { readonly purposeId: string; readonly [name: string]: unknown },
): Promise<Purpose> {
  const { token } = person;
  const body = { ...wordsOf(await purposeOf(cloud, person, purposeId)), ...more };
  const chosen = await rest<Purpose>(cloud, `PUT /v1/me/consents/${purposeId}`, { token, body });
  requireStatus(chosen, 200, `a choice on ${purposeId}`);
  return chosen.json;
}

export async function chooseBySelf(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const { token, sub } = person;
  const granted = await choose(cloud, person, { purposeId: 'product-news', state: 'granted' });
  const receipt = `GET /${granted.receipt?.slice(1) ?? ''}` as const;
  requireStatus(await rest(cloud, receipt, { token }), 200, 'a receipt');
  await choose(cloud, person, { purposeId: 'product-improvement', state: 'objected' });
  await choose(cloud, person, { purposeId: 'product-news', state: 'withdrawn' });
  requireStatus(await rest(cloud, 'GET /v1/me/consents/history', { token }), 200, 'history');
  const body = { doNotSell: true, topics: { offers: { email: true } } };
  const preferred = await rest(cloud, 'PUT /v1/me/preferences', { token, body });
  requireStatus(preferred, 200, 'preferences');
  requireStatus(await rest(cloud, 'GET /v1/me/preferences', { token }), 200, 'preferences');
  requireStatus(await rest(cloud, 'GET /.well-known/gpc.json'), 200, 'what is honoured');
  await checkAsApp(cloud, sub);
  requireText(await obtainTokens(cloud, person.agent, person.app), 'id_token');
}

async function checkAsApp(cloud: TestCloud, sub: string): Promise<void> {
  const token = await machineToken(cloud, 'consents');
  const body = { sub, purposes: ['product-news'] };
  requireStatus(await rest(cloud, 'POST /v1/consents/check', { token, body }), 200, 'a check');
}

export async function renewWords(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  await choose(cloud, person, { purposeId: 'product-news', state: 'granted' });
  await ageWords(cloud, person.sub);
  const agent = createAgent(cloud);
  const page = await signIn(agent, await agent.get('/sign-in'), person.person);
  requireAt(page, '/renew-consents');
  const fields = { decision: 'save', 'purpose-product-news': 'granted' };
  requireAt(await agent.submit(page, '/renew-consents', fields), '/account');
}

/** As after a deployment with a new version. */
async function ageWords(cloud: TestCloud, sub: string): Promise<void> {
  const cell = homeOf(cloud);
  const { dynamo, close } = createErasures(cloud, cell);
  await dynamo.send(
    new UpdateItemCommand({
      TableName: `domicile-data-${cell}`,
      Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT#PRIVACY' } },
      UpdateExpression: 'SET choices.#purpose.version = :old',
      ExpressionAttributeNames: { '#purpose': 'product-news' },
      ExpressionAttributeValues: { ':old': { S: '2020-01' } },
    }),
  );
  close();
}

/** What somebody has said by telephone, and in a letter afterwards. */
export async function chooseByOperator(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const { sub } = person;
  const news = await purposeOf(cloud, person);
  const said = { purposeId: news.purposeId, ...wordsOf(news) };
  const operator = await machineToken(cloud, 'admin');
  const enter = (state: string, reason: string) =>
    rest<Purpose>(cloud, `POST /v1/admin/privacy/people/${sub}/consents`, {
      token: operator,
      body: { ...said, state, reason },
    });
  requireStatus(await enter('granted', 'said by telephone'), 200, 'consent by telephone');
  requireStatus(await enter('withdrawn', 'a letter'), 200, 'a letter that withdraws it');
}

const ParentAsked = z.object({ requestId: z.string(), sub: z.string(), purposeId: z.string() });

export async function askParent(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  const purposeId = 'personalised-advertising';
  const child = { birthdate: '2015-05-05', country: 'DE' };
  const { state } = await choose(cloud, person, { purposeId, state: 'granted', ...child });
  if (state !== 'awaiting-parent') throw new Error(`${state} instead of awaiting a parent`);
  const asked = cloud
    .events()
    .filter(({ detailType }) => detailType === 'ParentalConsentRequested')
    .map(({ detail }) => ParentAsked.parse(detail))
    .find(({ sub }) => sub === person.sub);
  const token = await machineToken(cloud, 'admin');
  const route = `POST /v1/admin/privacy/people/${person.sub}/parental-consents` as const;
  const body = { purposeId, requestId: asked?.requestId, answer: 'granted' };
  requireStatus(await rest(cloud, route, { token, body }), 204, "a parent's answer");
}
