import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireCode, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  newPerson,
  obtainTokens,
  openLink,
  readCode,
  readLink,
  resetPassword,
  signIn,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { callsBetween, pathOf, withoutSecrets } from './answers.ts';

let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

const CHANGED = 'another lake, at dusk';

describe('recovery', () => {
  it('sets a new password by code, signs in and answers the app that waits', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, agent, app);
    const recover = await openLink(agent, answer, '/recover');
    const page = await agent.submit(recover, '/recover', { email: person.email });
    const changed = { ...person, password: CHANGED };
    requireCode(await resetPassword(cloud, agent, page, changed));
    const old = createAgent(cloud.issuer);
    const signInPage = await old.get('/sign-in');
    expect((await signIn(old, signInPage, person)).status).toBe(400);
    expect(pathOf(await signIn(old, signInPage, changed))).toBe('/account');
  });

  it('sets a new password by link, in any browser, once', async () => {
    const { person } = await plantSignedIn(cloud);
    await askRecovery(createAgent(cloud.issuer), person.email);
    const other = createAgent(cloud.issuer);
    const link = await readLink(cloud, person.email, '/recover/reset');
    const page = await other.get(link);
    expect(page.document.querySelector('input[name=code]')).toBeNull();
    const done = await other.submit(page, '/recover/reset', { password: CHANGED });
    expect(pathOf(done)).toBe('/account');
    expect((await other.get(link)).status).toBe(400);
    const again = await other.submit(page, '/recover/reset', { password: 'yet another lake' });
    expect(again.status).toBe(400);
  });

  it('signs out every session, ends every grant, and tells the mailbox', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    const tokens = await obtainTokens(cloud, agent, app);
    const owner = createAgent(cloud.issuer);
    const page = await askRecovery(owner, person.email);
    await resetPassword(cloud, owner, page, { ...person, password: CHANGED });
    expect(pathOf(await agent.get('/account'))).toBe('/sign-in');
    const refused = await refresh(cloud, app, requireText(tokens, 'refresh_token'));
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_grant']);
    expect(cloud.requireMail(person.email).subject).toContain('has been changed');
  });

  it('checks the password before it counts a try', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    for (let count = 0; count < 6; count += 1) {
      const fields = { code: '000000', password: 'short' };
      expect((await agent.submit(page, '/recover/reset', fields)).body).toContain('at least 10');
    }
    const done = await resetPassword(cloud, agent, page, { ...person, password: CHANGED });
    expect(pathOf(done)).toBe('/account');
    expect(done.body).toContain('Your password has been changed');
  });

  it('allows five wrong codes, then none', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    const code = await readCode(cloud, person.email);
    const wrong = { code: code === '123456' ? '654321' : '123456', password: CHANGED };
    for (let count = 0; count < 5; count += 1) await agent.submit(page, '/recover/reset', wrong);
    const answer = await agent.submit(page, '/recover/reset', { code, password: CHANGED });
    expect(answer.body).toContain('Too many wrong codes');
  });

  it('trusts the newest mail alone: the link before a resend is void, like the code', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    const old = await readLink(cloud, person.email, '/recover/reset');
    await cloud.advance(30);
    await agent.submit(page, '/recover/resend');
    const other = createAgent(cloud.issuer);
    expect((await other.get(old)).status).toBe(400);
    const newest = await other.get(await readLink(cloud, person.email, '/recover/reset'));
    const done = await other.submit(newest, '/recover/reset', { password: CHANGED });
    expect(pathOf(done)).toBe('/account');
  });

  it('leaves code, link and tries as they were when the next mail cannot be sent', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    const code = await readCode(cloud, person.email);
    const link = await readLink(cloud, person.email, '/recover/reset');
    await cloud.advance(30);
    cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 10 });
    const failed = await agent.submit(page, '/recover/resend');
    cloud.clearFaults();
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await createAgent(cloud.issuer).get(link)).status).toBe(200);
    const done = await agent.submit(failed, '/recover/reset', { code, password: CHANGED });
    expect(pathOf(done)).toBe('/account');
  });

  it.each(['known', 'unknown'])(
    'takes thirty codes a day for a %s address over all mails; then links alone work',
    async (kind) => {
      const person = kind === 'known' ? (await plantSignedIn(cloud)).person : newPerson();
      const agent = createAgent(cloud.issuer);
      const said: Array<number> = [];
      let page = await askRecovery(agent, person.email);
      for (let guess = 0; guess < 35; guess += 1) {
        if (guess % 5 === 0) {
          await cloud.advance(1200);
          page = await askRecovery(agent, person.email);
        }
        const fields = { code: '000000', password: CHANGED };
        const answer = await agent.submit(page, '/recover/reset', fields);
        if (answer.body.includes('Too many codes were tried for this address')) said.push(guess);
      }
      expect(said).toEqual([30, 31, 32, 33, 34]);
      if (kind === 'unknown') return;
      await cloud.advance(1200);
      const again = await askRecovery(agent, person.email);
      const refused = await resetPassword(cloud, agent, again, { ...person, password: CHANGED });
      expect(refused.body).toContain('open the link in the mail');
      const link = await agent.get(await readLink(cloud, person.email, '/recover/reset'));
      const done = await agent.submit(link, '/recover/reset', { password: CHANGED });
      expect(pathOf(done)).toBe('/account');
    },
  );

  it('unlocks an account that strangers have locked', async () => {
    const { person } = await plantSignedIn(cloud);
    const stranger = createAgent(cloud.issuer);
    const signInPage = await stranger.get('/sign-in');
    for (let count = 0; count < 10; count += 1) {
      await signIn(stranger, signInPage, { ...person, password: 'a guess of somebody' });
    }
    expect((await signIn(stranger, signInPage, person)).status).toBe(429);
    const owner = createAgent(cloud.issuer);
    const page = await askRecovery(owner, person.email);
    await resetPassword(cloud, owner, page, { ...person, password: CHANGED });
    const elsewhere = createAgent(cloud.issuer);
    const form = await elsewhere.get('/sign-in');
    const answer = await signIn(elsewhere, form, { ...person, password: CHANGED });
    expect(pathOf(answer)).toBe('/account');
  });
});

describe('an unknown address', () => {
  it('answers like a known one, and its mailbox learns that there is no account', async () => {
    const { person } = await plantSignedIn(cloud);
    const stranger = newPerson();
    const start = cloud.mark();
    const known = await askRecovery(createAgent(cloud.issuer), person.email);
    const middle = cloud.mark();
    const unknown = await askRecovery(createAgent(cloud.issuer), stranger.email);
    expect(withoutSecrets(known, person.email)).toBe(withoutSecrets(unknown, stranger.email));
    expect(callsBetween(cloud, start, middle)).toEqual(callsBetween(cloud, middle));
    expect(cloud.requireMail(stranger.email).subject).toContain('No account');
  });
});

describe('faults', () => {
  it('keep the old password when the change cannot be written, and the form works again', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    const changed = { ...person, password: CHANGED };
    const operation = 'TransactWriteItems';
    cloud.fault({ service: 'dynamodb', operation, kind: 'error', times: 3 });
    const failed = await resetPassword(cloud, agent, page, changed);
    cloud.clearFaults();
    expect(failed.status).toBe(503);
    const other = createAgent(cloud.issuer);
    expect(pathOf(await signIn(other, await other.get('/sign-in'), person))).toBe('/account');
    expect(pathOf(await resetPassword(cloud, agent, failed, changed))).toBe('/account');
  });

  it('send nothing twice when mail fails, and asking again works at once', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'throttle', times: 3 });
    const failed = await askRecovery(agent, person.email);
    cloud.clearFaults();
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    const page = await agent.submit(failed, '/recover', { email: person.email });
    expect(pathOf(page)).toBe('/recover/reset');
  });
});
