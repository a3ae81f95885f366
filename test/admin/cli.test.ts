import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { runAdmin } from '../../bin/admin/run.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** `npm run admin -- …` without a terminal, and without the half second that a process takes. */
async function admin(...args: ReadonlyArray<string>): Promise<Run> {
  const { code, text } = await runAdmin(args, () => undefined);
  const printed = `${text}\n`;
  return code === 0 ? { code, out: printed, error: '' } : { code, out: '', error: printed };
}

function adminProcess(...args: ReadonlyArray<string>): Promise<Run> {
  return new Promise((resolve) => {
    const done = (failure: Error | null, out: string, error: string) => {
      const code = failure !== null && 'code' in failure ? Number(failure.code) : 0;
      resolve({ code, out, error });
    };
    execFile(process.execPath, ['bin/admin.ts', ...args], done).stdin?.end();
  });
}

test.each([
  ['what was asked for', ['client', 'create', '--help'], 0],
  ['why it was refused', ['client', 'list', '--local', 'http://localhost:9'], 1],
  ['how it is used', ['client', 'delete', 'a'], 2],
])('a process of its own prints %s and ends with the code that says so', async (_, args, code) => {
  expect(await adminProcess(...args)).toEqual({ ...(await admin(...args)), code });
});

describe('the command line, before it reaches anybody', () => {
  it.each([
    [['user', 'list'], 'there is no user'],
    [['client', 'steal'], 'there is no command client steal'],
    [['client', 'constructor'], 'there is no command client constructor'],
    [['client', 'show'], 'client show needs a CLIENT_ID'],
    [['client', 'show', 'a', 'b'], 'one CLIENT_ID at a time'],
    [['client', 'list', '--bogus'], '--bogus'],
    [['client', 'update', 'a'], 'needs something to change'],
    [['client', 'update', 'a', '--unset', 'everything'], '--unset everything'],
    [['client', 'create', '--logo', 'logo.gif'], 'must be .png, .svg or .webp'],
    [['client', 'create', '--logo', 'missing.png'], 'cannot be read'],
    [['client', 'create', '--jwks', 'README.md'], 'is not JSON'],
    [['client', 'rotate-secret', 'a', '--overlap-seconds', 'day'], 'whole number of seconds'],
    [['client', 'delete', 'a'], 'needs --yes'],
    [['client', 'list', '--local=nonsense'], 'is not a URL'],
    [['keys', 'lose'], 'there is no command keys lose'],
    [['keys', 'rotate', '--emergency'], 'needs --yes'],
    [['keys', 'list', 'x'], 'x'],
    [['erasure', 'replay', '--table', 'domicile-data-eu'], 'domicile-data-CELL-restored'],
    [['erasure', 'replay', '--since', 'spring'], '--since spring'],
  ])('says what is wrong with %j, exit code 2', async (args, sentence) => {
    const { code, error } = await admin(...args);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(sentence) });
    expect(error).not.toContain('    at ');
  });

  it('explains itself and every command', async () => {
    expect((await admin()).out).toContain('rotate-secret');
    for (const command of ['create', 'list', 'show', 'update', 'rotate-secret', 'delete']) {
      const { code, out } = await admin('client', command, '--help');
      expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining(`client ${command}`)]);
    }
    for (const command of ['list', 'rotate', 'status']) {
      const { code, out } = await admin('keys', command, '--help');
      expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining(`keys ${command}`)]);
    }
  });

  it('says that no local cloud answers, exit code 1', async () => {
    const { code, error } = await admin('client', 'list', '--local', 'http://localhost:9');
    expect({ code, error }).toMatchObject({ code: 1, error: expect.stringContaining('npm start') });
  });
});

/** A workflow of several steps has to come to its first wait. */
const POLL = { timeout: 20_000, interval: 500 };

describe('against the local cloud', () => {
  let cloud: TestCloud;
  let directory: string;
  const run = (...args: ReadonlyArray<string>) => admin('client', ...args, '--local', cloud.issuer);

  beforeAll(async () => {
    cloud = await startTestCloud();
    directory = await mkdtemp(join(tmpdir(), 'admin-'));
  });
  afterAll(async () => {
    await cloud?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('registers a client, whose secret works at once, and shows it in JSON', async () => {
    const created = await run(
      'create',
      '--json',
      ...['--client-id', 'job', '--name', 'Job', '--grant-type', 'client_credentials'],
      ...['--scope', 'read', '--no-first-party'],
    );
    expect(created.code).toBe(0);
    const { client_secret: secret, domicile_first_party: firstParty } = JSON.parse(created.out);
    expect(firstParty).toBe(false);
    const response = await fetch(`${cloud.issuer}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`job:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(response.status).toBe(200);
    expect((await run('list')).out).toMatch(/^job +Job +client_credentials/m);
    expect((await run('show', 'job')).out).not.toContain(secret);
  });

  it('puts a logo file into the registration', async () => {
    const logo = join(directory, 'logo.svg');
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const { out } = await run(
      'create',
      '--json',
      ...['--redirect-uri', 'https://a.example/cb', '--logo', logo],
    );
    expect(JSON.parse(out)['domicile_logo']).toMatch(/^data:image\/svg\+xml;base64,/);
  });

  it('says in one sentence why something was refused, exit code 1', async () => {
    const refused = await run('create', '--redirect-uri', 'http://evil.example/');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.error).toBe(
      'admin: invalid_redirect_uri: redirect_uris: "http://evil.example/" must use https\n',
    );
  });

  it('deletes once, and says so when there is nothing to delete', async () => {
    await run('create', '--client-id', 'gone', '--redirect-uri', 'https://a.example/cb');
    expect(await run('delete', 'gone', '--yes')).toMatchObject({ code: 0, out: 'Deleted gone.\n' });
    expect(await run('delete', 'gone', '--yes')).toMatchObject({ code: 1 });
    const again = await run(
      'create',
      '--client-id',
      'gone',
      '--redirect-uri',
      'https://b.example/',
    );
    expect(again).toMatchObject({
      code: 1,
      error: expect.stringContaining('once was, a client gone'),
    });
  });

  it('lists the signing keys, rotates them and tells how far that is', async () => {
    const keys = (...args: ReadonlyArray<string>) =>
      admin('keys', ...args, '--local', cloud.issuer);
    expect((await keys('list')).out).toMatch(/^ES256 +active .*\nRS256 +active /m);
    const started = await keys('rotate');
    expect(started).toMatchObject({ code: 0, out: expect.stringMatching(/has started: arn:/) });
    const published = /^Next, from .*: the new keys sign/m;
    await expect.poll(async () => (await keys('status')).out, POLL).toMatch(published);
    expect((await keys('list')).out).toMatch(/^ES256 +next /m);
    expect(await keys('rotate')).toMatchObject({
      code: 1,
      error: expect.stringContaining('is running'),
    });
  });

  it('names the function that does not exist', async () => {
    const { code, error } = await run('list', '--function', 'another');
    expect({ code, error }).toMatchObject({ code: 1, error: expect.stringContaining('another') });
  });
});
