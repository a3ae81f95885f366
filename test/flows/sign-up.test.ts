import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  beginSignUp,
  confirmByCode,
  confirmByLink,
  createAccount,
  newPerson,
  openSignUp,
  readCode,
  readLink,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { alertOf, callsBetween, pathOf, withoutSecrets } from './answers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

describe('sign-up', () => {
  it('confirms by code and answers the app that waits', async () => {
    const app = await registerApp(cloud);
    const agent = createAgent(cloud.issuer);
    const person = newPerson();
    const { attempt, answer } = await authorize(cloud, agent, app);
    const page = await signUp(agent, await openSignUp(agent, answer), person);
    expect(pathOf(page)).toBe('/verify');
    expect(page.body).toContain(person.email);
    const arrived = await confirmByCode(cloud, agent, page, person);
    expect(arrived.leadsTo?.origin).toBe(new URL(app.redirectUri).origin);
    expect(arrived.leadsTo?.searchParams.get('state')).toBe(attempt.state);
    expect(arrived.leadsTo?.searchParams.get('iss')).toBe(cloud.issuer);
    expect(requireCode(arrived)).not.toBe('');
  });

  it('confirms by link in the same browser with one click', async () => {
    const { person, agent } = await beginSignUp(cloud);
    const link = await agent.get(await readLink(cloud, person.email, '/verify'));
    expect(link.document.querySelector('input[name=password]')).toBeNull();
    expect(pathOf(await agent.submit(link, '/verify'))).toBe('/account');
  });

  it('asks for the password when the link is opened in another browser', async () => {
    const { person } = await beginSignUp(cloud);
    const other = createAgent(cloud.issuer);
    const link = await other.get(await readLink(cloud, person.email, '/verify'));
    const refused = await other.submit(link, '/verify', { password: 'not what was chosen' });
    expect(refused.status).toBe(400);
    expect(pathOf(await confirmByLink(cloud, other, person))).toBe('/account');
  });

  it('opens a link without using it up, as mail scanners do', async () => {
    const { person, agent } = await beginSignUp(cloud);
    const scanner = createAgent(cloud.issuer);
    const link = await readLink(cloud, person.email, '/verify');
    await scanner.get(link);
    await scanner.get(link);
    expect(pathOf(await confirmByLink(cloud, agent, person))).toBe('/account');
  });

  it('refuses a link and a code that were used before', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const link = await readLink(cloud, person.email, '/verify');
    await confirmByCode(cloud, agent, page, person);
    expect((await agent.get(link)).status).toBe(400);
    const again = await confirmByCode(cloud, agent, page, person);
    expect(again.status).toBe(400);
    expect(again.body).toContain('already been used');
  });

  it('keeps what was typed, and never a password', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-up');
    const answer = await agent.submit(page, '/sign-up', {
      email: 'ada@example.com',
      password: 'short',
    });
    expect(answer.status).toBe(400);
    expect(answer.document.querySelector('#email')?.getAttribute('value')).toBe('ada@example.com');
    expect(answer.body).not.toContain('value="short"');
    expect(answer.body).toContain('at least 10 characters');
  });

  it.each([
    ['a common password', { password: 'iloveyou123' }, 'easy to guess'],
    ['the address itself', { password: 'ada.l@example.com' }, 'too close'],
    ['no e-mail address', { email: 'nobody' }, 'complete address'],
    ['more than 256 characters', { password: 'long words '.repeat(30) }, 'no more than 256'],
  ])('refuses %s', async (_, fields, message) => {
    const agent = createAgent(cloud.issuer);
    const answer = await agent.submit(await agent.get('/sign-up'), '/sign-up', {
      email: 'ada.l@example.com',
      password: 'a quiet lake at dawn',
      terms: 'accepted',
      ...fields,
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(message);
  });
});

describe('a known address', () => {
  it('answers like an unknown one, and only its mailbox learns the difference', async () => {
    const person = await createAccount(cloud, createAgent(cloud.issuer));
    const before = cloud.mark();
    const known = await beginSignUp(cloud, person);
    const middle = cloud.mark();
    const unknown = await beginSignUp(cloud);
    expect(known.page.status).toBe(unknown.page.status);
    expect(withoutSecrets(known.page, person.email)).toBe(
      withoutSecrets(unknown.page, unknown.person.email),
    );
    expect(callsBetween(cloud, before, middle)).toEqual(callsBetween(cloud, middle));
    const mail = cloud.requireMail(person.email);
    expect(mail.subject).toContain('already have an account');
    expect(mail.codes).toEqual([]);
  });

  it('has no code that fits', async () => {
    const person = await createAccount(cloud, createAgent(cloud.issuer));
    const { agent, page } = await beginSignUp(cloud, person);
    const answer = await agent.submit(page, '/verify', { code: '000000' });
    expect(alertOf(answer)).toContain('4 tries left');
  });
});

describe('one-time codes', () => {
  it('allow five tries, then none, not even the right one', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const code = await readCode(cloud, person.email);
    const wrong = code === '123456' ? '654321' : '123456';
    const answers: Array<string> = [];
    for (let count = 0; count < 5; count += 1) {
      answers.push((await agent.submit(page, '/verify', { code: wrong })).body);
    }
    expect(answers[0]).toContain('4 tries left');
    expect(answers[3]).toContain('1 try left');
    expect(answers[4]).toContain('Too many wrong codes');
    expect((await agent.submit(page, '/verify', { code })).body).toContain('Too many wrong codes');
  });

  it('cost no try when they cannot be a code, and forgive spaces', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const code = await readCode(cloud, person.email);
    await agent.submit(page, '/verify', { code: 'abc' });
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    expect(pathOf(await agent.submit(page, '/verify', { code: spaced }))).toBe('/account');
  });

  it('expire after ten minutes', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const code = await readCode(cloud, person.email);
    await cloud.advance(601);
    const answer = await agent.submit(page, '/verify', { code });
    expect(answer.body).toContain('expired');
  });

  it('are replaced by a new one, which is not sent at once again', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const first = await readCode(cloud, person.email);
    const tooSoon = await agent.submit(page, '/verify/resend');
    expect(tooSoon.body).toMatch(/another one in \d+ seconds/);
    await cloud.advance(31);
    const resent = await agent.submit(page, '/verify/resend');
    expect(resent.body).toContain('sent you a new code');
    const second = await readCode(cloud, person.email);
    if (first !== second) {
      expect((await agent.submit(resent, '/verify', { code: first })).status).toBe(400);
    }
    expect(pathOf(await agent.submit(resent, '/verify', { code: second }))).toBe('/account');
  });

  it('keeps the form when the mail cannot be sent, and posting again works at once', async () => {
    const person = newPerson();
    const agent = createAgent(cloud.issuer);
    const form = await agent.get('/sign-up');
    cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
    const failed = await signUp(agent, form, person);
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(failed.document.querySelector('#email')?.getAttribute('value')).toBe(person.email);
    cloud.clearFaults();
    const page = await signUp(agent, failed, person);
    expect(pathOf(await confirmByCode(cloud, agent, page, person))).toBe('/account');
  });
});

it('signs in with the password chosen at sign-up', async () => {
  const person = await createAccount(cloud, createAgent(cloud.issuer));
  const agent = createAgent(cloud.issuer);
  expect(pathOf(await signIn(agent, await agent.get('/sign-in'), person))).toBe('/account');
});
