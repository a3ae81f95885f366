/** A person moves to another region: what design decisions of today must not get in the way of. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentifierHash, Sub } from '../../functions/core/ids.ts';
import { createAgent } from '../harness/agent.ts';
import {
  type App,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  requireCode,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  decide,
  resetPassword,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';
import { movePerson } from './moving-by-hand.ts';
import {
  cellOf,
  identify,
  openSignUpAt,
  plantResident,
  type Resident,
  requireUrl,
} from './residents.ts';

let cloud: TestCloud;
/** Somebody else's, so that the person is asked for their consent, once. */
let guest: App;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  guest = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  await cloud.flushReplication();
});
afterAll(() => cloud?.close());

async function firstTokens({ agent }: Resident): Promise<JsonAnswer> {
  const { attempt, answer } = await authorize(cloud, agent, guest);
  expect(pathOf(answer)).toBe('/consent');
  return redeem(cloud, attempt, requireCode(await decide(agent, answer, 'allow')));
}

async function claimOf(sub: string): Promise<IdentifierHash> {
  const items = await cloud.items('directory');
  const claim = items.find((item) => item['sk'] === 'IDENTIFIER' && item['sub'] === sub);
  return String(claim?.['pk']).slice('IDENTIFIER#'.length) as IdentifierHash;
}

async function itemsAbout(sub: string, cell: string): Promise<number> {
  const tables = (['data', 'keys'] as const).map((table) => cloud.items(table, cell));
  const items = (await Promise.all(tables)).flat();
  return items.filter((item) => JSON.stringify(item).includes(sub)).length;
}

describe.each([
  ['eu', 'us'],
  ['us', 'ap'],
  ['ap', 'eu'],
])('somebody who moves from %s to %s', (from, to) => {
  let resident: Resident;
  let before: JsonAnswer;
  let sub: string;

  beforeAll(async () => {
    resident = await plantResident(cloud, from);
    before = await firstTokens(resident);
    sub = decodeJwt(requireText(before, 'id_token')).sub ?? '';
  });

  it('is found by their address before the replicas have heard of it', async () => {
    const identifier = await claimOf(sub);
    cloud.setReplication({ paused: true });
    try {
      await movePerson(cloud, { sub: sub as Sub, identifier, from, to });
      for (const entry of ['eu', 'us', 'ap']) {
        const agent = createAgent(cloud);
        const page = await agent.get(`${requireUrl(cloud, entry)}/sign-in`);
        const home = await identify(agent, page, resident.person.email);
        expect([entry, cellOf(cloud, home)]).toEqual([entry, to]);
      }
    } finally {
      cloud.setReplication({ paused: false });
      await cloud.flushReplication();
    }
  });

  it('is led to the new home by a browser that knows the old one, and signs in', async () => {
    const { agent, person } = resident;
    expect(agent.cookies.get('home')).toBe(from);
    const { attempt, answer } = await authorize(cloud, agent, guest);
    expect([cellOf(cloud, answer), pathOf(answer)]).toEqual([from, '/sign-in']);
    const home = await signIn(agent, answer, person);
    expect(cellOf(cloud, home)).toBe(to);
    // The consent has moved along: nobody asks for it again.
    const code = requireCode(await signIn(agent, home, person));
    const tokens = await redeem(cloud, attempt, code);
    expect(decodeJwt(requireText(tokens, 'id_token')).sub).toBe(sub);
    expect(agent.cookies.get('home')).toBe(to);
    for (const entry of ['eu', 'us', 'ap']) {
      const asked = await userinfo(
        { issuer: requireUrl(cloud, entry) },
        requireText(tokens, 'access_token'),
      );
      expect(asked.json).toMatchObject({ sub, email: person.email, locale: 'en' });
    }
  });

  it('has nothing at the old home, whose tokens have ended', async () => {
    expect(await itemsAbout(sub, from)).toBe(0);
    expect(await itemsAbout(sub, to)).toBeGreaterThan(3);
    const old = await refresh(cloud, guest, requireText(before, 'refresh_token'));
    expect([old.status, old.json['error']]).toEqual([400, 'invalid_grant']);
    expect((await userinfo(cloud, requireText(before, 'access_token'))).status).toBe(401);
  });

  it('cannot sign up a second time, and recovers at the new home', async () => {
    const { person } = resident;
    const second = createAgent(cloud);
    const form = await openSignUpAt(cloud, second, from);
    expect(pathOf(await signUp(second, form, person))).toBe('/verify');
    expect(cloud.requireMail(person.email).region).toBe(cloud.regions[to]);
    await cloud.advance(3600);
    const { issuer, cellUrls } = cloud;
    const frontHeaders = { 'user-agent': 'Gecko (X11; Linux) Firefox/140.0' };
    const agent = createAgent({ issuer, cellUrls, frontHeaders });
    const asked = await askRecovery(agent, person.email);
    const renewed = { ...person, password: 'another lake, at dusk' };
    const recovered = await resetPassword(cloud, agent, asked, renewed);
    expect(pathOf(recovered)).toBe('/account');
    // The key of labels has moved along with the data key that it is under.
    expect(recovered.body).toContain('Firefox on Linux');
    expect(agent.cookies.get('home')).toBe(to);
  });
});
