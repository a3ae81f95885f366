import { type Agent, type Answer, createAgent } from './agent.ts';
import { registerApp, requireText } from './apps.ts';
import type { TestCloud } from './cloud.ts';
import { askRecovery, authorize, newPerson, obtainTokens, readLink, signUp } from './journeys.ts';
import { plantSignedIn } from './planted-sign-in.ts';

/** A browser that stands before a form. */
export interface Standing {
  readonly agent: Agent;
  readonly page: Answer;
}

/** A form of the product: how to get there, and something to put into it. */
export interface ProductForm {
  readonly action: string;
  readonly stand: (cloud: TestCloud) => Promise<Standing>;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Every form that the product has. */
export const FORMS: ReadonlyArray<ProductForm> = [
  {
    action: '/sign-in',
    stand: (cloud) => strangerAt(cloud, '/sign-in'),
    fields: { email: 'ada@example.com', password: 'any password' },
  },
  {
    action: '/sign-up',
    stand: (cloud) => strangerAt(cloud, '/sign-up'),
    fields: { email: 'ada@example.com', password: 'a quiet lake 42', terms: 'accepted' },
  },
  { action: '/verify', stand: beforeVerify, fields: { code: '000000' } },
  { action: '/verify/resend', stand: beforeVerify },
  {
    action: '/recover',
    stand: (cloud) => strangerAt(cloud, '/recover'),
    fields: { email: 'ada@example.com' },
  },
  {
    action: '/recover/reset',
    stand: beforeReset,
    fields: { code: '000000', password: 'a quiet lake 42' },
  },
  { action: '/recover/resend', stand: beforeReset },
  { action: '/keep-account', stand: beforeKeeping },
  { action: '/consent', stand: beforeConsent, fields: { decision: 'allow' } },
  { action: '/oauth2/logout', stand: (cloud) => signedInAt(cloud, '/oauth2/logout') },
  {
    action: '/account/password',
    stand: (cloud) => signedInAt(cloud, '/account/password'),
    fields: { current: 'any password', password: 'a quiet lake 42' },
  },
  {
    action: '/account/sessions/revoke',
    stand: (cloud) => signedInAt(cloud, '/account'),
    fields: { session: 'others' },
  },
  { action: '/account/sign-out', stand: (cloud) => signedInAt(cloud, '/account') },
  ...['consents', 'preferences', 'do-not-sell'].map((what) => ({
    action: `/account/privacy/${what}`,
    stand: (cloud: TestCloud) => signedInAt(cloud, '/account/privacy'),
  })),
  { action: '/account/privacy/apps/remove', stand: withAnApp },
  {
    action: '/account/privacy/export',
    stand: (cloud) => signedInAt(cloud, '/account/privacy/export'),
  },
  {
    action: '/account/privacy/delete',
    stand: (cloud) => signedInAt(cloud, '/account/privacy/delete'),
    fields: { current: 'any password' },
  },
];

/** Somebody in whose name an app may act. */
async function withAnApp(cloud: TestCloud): Promise<Standing> {
  const { agent } = await plantSignedIn(cloud);
  await obtainTokens(cloud, agent, await registerApp(cloud));
  return { agent, page: await agent.get('/account/privacy') };
}

async function beforeVerify(cloud: TestCloud): Promise<Standing> {
  const agent = createAgent(cloud.issuer);
  return { agent, page: await signUp(agent, await agent.get('/sign-up'), newPerson()) };
}

async function beforeReset(cloud: TestCloud): Promise<Standing> {
  const agent = createAgent(cloud.issuer);
  const { person } = await plantSignedIn(cloud);
  return { agent, page: await askRecovery(agent, person.email) };
}

async function beforeConsent(cloud: TestCloud): Promise<Standing> {
  const app = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  const { agent } = await plantSignedIn(cloud);
  return { agent, page: (await authorize(cloud, agent, app)).answer };
}

/** Somebody whose account is to be erased, as the mail leads them there. */
async function beforeKeeping(cloud: TestCloud): Promise<Standing> {
  const { agent, person } = await plantSignedIn(cloud);
  const app = await registerApp(cloud, { scope: 'openid privacy' });
  const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
  const headers = { authorization: `Bearer ${token}` };
  const asked = await fetch(new URL('/v1/me/erasure', cloud.issuer), { method: 'POST', headers });
  if (asked.status !== 202) throw new Error(`no erasure was begun: ${asked.status}`);
  return { agent, page: await agent.get(await readLink(cloud, person.email, '/keep-account')) };
}

async function signedInAt(cloud: TestCloud, path: string): Promise<Standing> {
  const { agent } = await plantSignedIn(cloud);
  return { agent, page: await agent.get(path) };
}

async function strangerAt(cloud: TestCloud, path: string): Promise<Standing> {
  const agent = createAgent(cloud.issuer);
  return { agent, page: await agent.get(path) };
}
