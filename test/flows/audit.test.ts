/** The audit trail of what people, apps and operators do (ADR 0025). */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAdmin } from '../../bin/admin/run.ts';
import { createAgent } from '../harness/agent.ts';
import { type App, redeem, refresh, registerApp, requireText, revoke } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, obtainCode, obtainTokens, signIn } from '../harness/journeys.ts';
import { newestSub } from '../harness/newest-person.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { type Audits, createAudits, HOUR } from './audits.ts';
import { createErasures } from './erasures.ts';

let cloud: TestCloud;
let audits: Audits;
let app: App;
let folder: string;

beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { AuditArchive: 'governance' } });
  audits = createAudits(cloud);
  app = await registerApp(cloud);
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterAll(async () => {
  audits?.close();
  await cloud?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Kinds of what concerns a person, the oldest first. */
async function kindsOf(sub: string): Promise<ReadonlyArray<string>> {
  await cloud.deliverStreams();
  return (await audits.find({ person: sub })).map(({ kind }) => kind).toReversed();
}

describe('the trail tells', () => {
  test('who did what, on whom, from which network and by which request', async () => {
    const { agent } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    await obtainTokens(cloud, agent, app);
    await cloud.deliverStreams();
    const records = await audits.find({ person: sub });
    for (const record of records) {
      expect(record).toMatchObject({ sub, actor: { type: 'person', sub }, from: '127.0.0.0/24' });
      expect(record.requestId).toMatch(/^.{8,}$/);
    }
    expect(records.map(({ kind }) => kind).toSorted()).toEqual([
      ...['account.created', 'grant.issued', 'session.begun'],
    ]);
    expect(records.find(({ kind }) => kind === 'grant.issued')?.object).toBe(app.clientId);
    const registered = await audits.find({ kind: 'client.created' });
    expect(registered.find(({ object }) => object === app.clientId)).toMatchObject({
      actor: { type: 'system', name: 'admin' },
    });
    expect((await audits.find({ kind: 'keys.moved' })).length).toBeGreaterThanOrEqual(2);
  });

  test('of every try of a password, and which of them was the last that is allowed', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud);
    const guess = { ...person, password: 'not the right one' };
    const before = (await audits.find({ actor: 'anonymous' })).length;
    for (let tries = 0; tries < 12; tries += 1) {
      const { answer } = await authorize(cloud, agent, app);
      await signIn(agent, answer, guess);
    }
    await cloud.deliverStreams();
    const all = await audits.find({ actor: 'anonymous' });
    const tried = all.slice(0, all.length - before);
    const kinds = tried.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'sign-in.locked')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'sign-in.tried').length).toBeGreaterThan(1);
    expect(kinds.length).toBeLessThan(12);
    for (const record of tried) expect(JSON.stringify(record)).not.toContain(person.email);
  });

  test('a sign-in by the request that tried the password', async () => {
    const { person } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const agent = createAgent(cloud);
    // The session of the sign-up began in a second before.
    await cloud.advance(1);
    await signIn(agent, (await authorize(cloud, agent, app)).answer, person);
    await cloud.deliverStreams();
    const [begun] = await audits.find({ person: sub, kind: 'session.begun' });
    const tried = await audits.find({ kind: 'sign-in.tried' });
    expect(tried.map(({ requestId }) => requestId)).toContain(begun?.requestId);
  });

  test('of grants that end, by their apps, by reuse, or with a password, and of no end twice', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const first = await obtainTokens(cloud, agent, app);
    const token = requireText(first, 'refresh_token');
    await refresh(cloud, app, token);
    await revoke(cloud, app, token);
    await revoke(cloud, app, token);
    const { attempt, code } = await obtainCode(cloud, agent, app);
    await redeem(cloud, attempt, code);
    await redeem(cloud, attempt, code);
    await obtainTokens(cloud, agent, app);
    const page = await agent.get('/account/password');
    const password = `${person.password} anew`;
    await agent.submit(page, '/account/password', { current: person.password, password });
    const kinds = await kindsOf(sub);
    const countOf = (kind: string) => kinds.filter((one) => one === kind).length;
    expect(countOf('grant.issued')).toBe(3);
    expect(countOf('grant.reused')).toBe(1);
    expect(countOf('grant.revoked')).toBe(2);
    expect(countOf('password.changed')).toBe(1);
    expect(countOf('session.ended')).toBe(1);
    const revoked = await audits.find({ person: sub, kind: 'grant.revoked' });
    expect(revoked.map(({ actor }) => actor.type).toSorted()).toEqual(['client', 'person']);
    const [reused] = await audits.find({ person: sub, kind: 'grant.reused' });
    expect(reused?.actor).toEqual({ type: 'client', clientId: app.clientId });
  });

  test('of sessions that somebody ends', async () => {
    const { agent } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const page = await agent.get('/account');
    await agent.submit(page, '/account/sign-out');
    expect(await kindsOf(sub)).toContain('session.ended');
    const [ended] = await audits.find({ person: sub, kind: 'session.ended' });
    expect(ended).toMatchObject({ actor: { type: 'person', sub } });
  });
});

describe('hours are sealed', () => {
  test('one after the other, archived, and all of it is found to be what was signed', async () => {
    const { agent } = await plantSignedIn(cloud);
    await audits.sealAll();
    await obtainTokens(cloud, agent, app);
    await cloud.deliverStreams();
    await cloud.advance(3 * HOUR);
    expect((await audits.run()).status).toBe('SUCCEEDED');
    const verified = await audits.verify();
    expect(verified.findings).toEqual([]);
    expect(verified.records).toBeGreaterThan(10);

    const objects = (await cloud.objects('archive')).filter(({ key }) => key.startsWith('audit/'));
    const files = await Promise.all(
      objects.map(async ({ bytes }, number) => {
        const file = join(folder, `${number}.jsonl`);
        await writeFile(file, bytes ?? '');
        return file;
      }),
    );
    const compared = await audits.verify(files);
    expect(compared).toMatchObject({ archived: compared.hours, findings: [] });
  });

  test('once: a run without anything to do changes nothing', async () => {
    const before = JSON.stringify(await cloud.items('records'));
    await audits.run();
    expect(JSON.stringify(await cloud.items('records'))).toBe(before);
  });

  test('after a fault where it was, when the run is redriven', async () => {
    await plantSignedIn(cloud);
    await cloud.deliverStreams();
    await cloud.advance(2 * HOUR);
    cloud.fault({ service: 'kms', operation: 'Sign', kind: 'error', times: 100 });
    const failed = await audits.run();
    cloud.clearFaults();
    expect(failed.status).toBe('FAILED');
    await cloud.redrive(failed.arn);
    await cloud.advance(1);
    expect((await audits.verify()).findings).toEqual([]);
    expect((await audits.find({})).length).toBeGreaterThan(0);
  });

  test('with what came too late in the hour that took it, under its own time', async () => {
    await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    await cloud.advance(2 * HOUR);
    await cloud.deliverStreams();
    const [late] = await audits.find({ person: sub, kind: 'account.created' });
    expect(Date.parse(String(late?.hour)) / 1000).toBeGreaterThan(Number(late?.at));
    await audits.sealAll();
    expect((await audits.verify()).findings).toEqual([]);
  });
});

describe('the command line', () => {
  const ignore = () => undefined;
  const admin = (...args: ReadonlyArray<string>) =>
    new Promise<{ code: number; out: string; error: string }>((resolve) => {
      execFile(process.execPath, ['bin/admin.ts', 'audit', ...args], (failure, out, error) => {
        const code = failure !== null && 'code' in failure ? Number(failure.code) : 0;
        resolve({ code, out, error });
      }).stdin?.end();
    });

  test('lists, shows and verifies, in any cell that it is told', async () => {
    const local = ['--local', cloud.issuer, '--cell', 'eu'];
    const listed = await runAdmin(['audit', 'list', '--kind', 'client.created', ...local], ignore);
    expect(listed).toMatchObject({ code: 0, text: expect.stringContaining(app.clientId) });
    const verified = await admin('verify', ...local);
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('what was signed') });
    const hour = /from (\S+Z)/.exec(verified.out)?.[1] ?? '';
    expect((await runAdmin(['audit', 'show', hour, ...local], ignore)).text).toContain(
      '"treeHash"',
    );
  });

  test('says from when on it read what no index leads to', async () => {
    await plantSignedIn(cloud);
    await plantSignedIn(cloud);
    await cloud.deliverStreams();
    const local = ['--local', cloud.issuer];
    const list = async (...args: ReadonlyArray<string>) =>
      (await runAdmin(['audit', 'list', ...args, ...local], ignore)).text;
    const reach = /\n\nRead from \d{4}-\S+ on: --since reaches further/;
    expect(await list('--limit', '10000')).toMatch(reach);
    const early = ['--actor', 'anonymous', '--until', '2020-01-02'];
    expect(await list(...early)).toMatch(/^Nothing was recorded.+\n\nRead from 2020-01-01T/);
    expect(JSON.parse(await list(...early, '--json'))).toMatchObject({
      since: Date.parse('2020-01-01') / 1000,
    });
    expect(await list('--kind', 'client.created')).not.toMatch(reach);
    expect(await list('--since', '25h', '--limit', '10000')).not.toMatch(reach);
    expect(await list('--limit', '1')).toMatch(/There are more: [^\n]+$/);
  });

  test('ends with code 2, and says why where errors are read, when it is wrong', async () => {
    const { code, out, error } = await admin('show');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^admin: .*needs an HOUR\nTry --help\.\n$/);
  });

  test.each([
    [['list', '--kind', 'session.stolen'], '--kind session.stolen: must be one of'],
    [['list', '--since', 'yesterday'], '--since yesterday: a time is written'],
    [['list', '--limit', '0'], '--limit 0'],
    [['show'], 'needs an HOUR'],
    [['verify', '--from-archive', 'README.md'], 'is no hour of an archive'],
    [['verify', '--jwks', 'README.md'], 'is no JSON Web Key Set'],
  ])('says what is wrong with %j, exit code 2', async (args, sentence) => {
    const { code, text } = await runAdmin(['audit', ...args], ignore);
    expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining(sentence) });
  });
});

describe('after an erasure', () => {
  test('the trail still tells what happened, and nothing readable of the person', async () => {
    const erasures = createErasures(cloud);
    const { person } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const requestId = await erasures.ask(sub);
    await cloud.deliverStreams();
    await erasures.finish(requestId);
    erasures.close();
    const kinds = await kindsOf(sub);
    expect(kinds).toContain('account.created');
    expect(kinds).toContain('session.ended');
    expect(kinds).toContain('erasure.completed');
    const trail = (await cloud.items('records')).filter(({ pk }) => String(pk).startsWith('AUDIT'));
    const text = JSON.stringify(trail);
    for (const trace of [person.email, '127.0.0.1']) expect(text).not.toContain(trace);
  });
});

describe('when nobody comes back', () => {
  test('the end of a session is told, too', async () => {
    await plantSignedIn(cloud);
    const other = await newestSub(cloud);
    await cloud.advance(60 * 86_400);
    await cloud.deliverStreams();
    expect(await kindsOf(other)).toContain('session.ended');
    const [expired] = await audits.find({ person: other, kind: 'session.ended' });
    expect(expired).toMatchObject({ actor: { type: 'system', name: 'expiry' } });
  });
});
