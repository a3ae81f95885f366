import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

async function requestToken(cloud: TestCloud): Promise<Response> {
  const administrator = cloud.cloud.seed().clients.find(({ role }) => role === 'administrator');
  const { client_id: id, client_secret: secret } = administrator?.client ?? {};
  return await fetch(`${cloud.issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
  });
}

/** Into the bucket for exports, as the operator. */
async function putExport(cloud: TestCloud, Key: string): Promise<void> {
  const { endpoint, region, ...credentials } = cloud.cloud.seed().aws;
  const s3 = new S3Client({ endpoint, region, credentials });
  const [bucket] = (await cloud.cloud.buckets()).filter(({ name }) => name.includes('exports'));
  await s3.send(new PutObjectCommand({ Bucket: bucket?.name, Key, Body: 'words' }));
}

describe('a cloud deployed from the template', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(() => cloud.close());
  beforeEach(() => cloud.clearFaults());

  const control = (path: string, init: RequestInit = {}) =>
    fetch(`${cloud.issuer}/_local/api/${path}`, init);
  const post = (path: string, body: unknown) =>
    control(path, { method: 'POST', body: JSON.stringify(body) });

  it('serves the API under the issuer and under the cell, which name the same issuer', async () => {
    const [cell] = cloud.cloud.cells;
    for (const url of [cloud.issuer, cell?.url]) {
      const response = await fetch(`${url}/.well-known/openid-configuration`);
      expect(await response.json()).toMatchObject({ issuer: cloud.issuer });
    }
  });

  it('answers paths without a route as API Gateway does', async () => {
    const response = await fetch(`${cloud.issuer}/nowhere`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
  });

  it('refuses a body that is too large for API Gateway', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024 + 1);
    const response = await fetch(`${cloud.issuer}/oauth2/token`, { method: 'POST', body });
    expect(response.status).toBe(413);
  });

  it('answers CORS preflights itself and lets any app read the token endpoint', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${cloud.issuer}/oauth2/token`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('logs each AWS call with its depth, and parallel calls at the same depth', async () => {
    await requestToken(cloud);
    const before = cloud.mark();
    const response = await requestToken(cloud);
    expect(response.status).toBe(200);
    expect(cloud.calls(before)).toEqual([
      expect.objectContaining({
        service: 'kms',
        operation: 'Sign',
        principal: 'domicile-token',
        region: cloud.region,
        depth: 1,
        outcome: 'ok',
        requestId: response.headers.get('apigw-requestid'),
      }),
    ]);
  });

  it('throttles as the service would; the SDK tries again and the customer notices nothing', async () => {
    const before = cloud.mark();
    cloud.fault({ service: 'kms', operation: 'Sign', kind: 'throttle' });
    expect((await requestToken(cloud)).status).toBe(200);
    const outcomes = cloud.calls(before).map(({ outcome, depth }) => [outcome, depth]);
    expect(outcomes).toEqual([
      ['ThrottlingException', 1],
      ['ok', 2],
    ]);
  });

  it.each(['crash-before', 'crash-after'] as const)(
    'ends the function at a %s, and the next request finds a new one',
    async (kind) => {
      cloud.fault({ service: 'kms', operation: 'Sign', kind });
      const crashed = await requestToken(cloud);
      const body = await crashed.text();
      expect([crashed.status, body]).toEqual([500, '{"message":"Internal Server Error"}']);
      expect((await requestToken(cloud)).status).toBe(200);
    },
  );

  it('refuses access keys that it did not issue', async () => {
    const lambda = new LambdaClient({
      endpoint: cloud.cloud.seed().aws.endpoint,
      region: cloud.region,
      credentials: { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' },
    });
    const invoke = lambda.send(new InvokeCommand({ FunctionName: 'domicile-admin' }));
    await expect(invoke).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('lets the operator invoke the admin function over the wire', async () => {
    const { aws } = cloud.cloud.seed();
    const { endpoint, region, ...credentials } = aws;
    const lambda = new LambdaClient({ endpoint, region, credentials });
    const Payload = JSON.stringify({ operation: 'client.list', input: {} });
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: 'domicile-admin', Payload }),
    );
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ ok: true });
  });

  it('answers no other host name than its own', async () => {
    const { port } = new URL(cloud.issuer);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, headers: { host: 'evil.example' } };
      request(options, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(421);
  });

  describe('its control API', () => {
    it.each([
      ['the origin of another site', { origin: 'https://evil.example' }],
      ['the origin of another local app', { origin: 'http://localhost:9' }],
      ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ])('refuses %s', async (_, headers) => {
      const response = await control('reset', { method: 'POST', headers });
      expect(response.status).toBe(403);
    });

    it('tells cells, seed and executions', async () => {
      const cells = await (await control('cells')).json();
      expect(cells).toEqual([
        {
          name: 'eu',
          region: 'eu-central-1',
          url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
          tables: [
            'domicile-directory',
            'domicile-data-eu',
            'domicile-keys-eu',
            'domicile-records-eu',
          ],
          state: 'up',
          isEntry: true,
          residents: 0,
        },
      ]);
      const seed = await (await control('seed')).json();
      expect(seed).toMatchObject({ issuer: cloud.issuer, aws: { region: 'eu-central-1' } });
      expect(await (await control('executions')).json()).toEqual([]);
    });

    it('tells what lies in buckets, and never the bytes of it', async () => {
      await putExport(cloud, 'exports/told');
      const [bucket] = await cloud.cloud.buckets();
      expect(bucket).toMatchObject({ region: cloud.region, objects: 1, size: 5 });
      expect(await (await control('buckets')).json()).toEqual([bucket]);
      const answer = await control(`buckets/${bucket?.region}/${bucket?.name}`);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject([
        { key: 'exports/told', size: 5, keyArn: expect.stringMatching(/^arn:aws:kms:/) },
      ]);
      expect(text).not.toContain('words');
      const [object] = await cloud.objects('exports');
      expect(object?.bytes?.toString()).toBe('words');
      expect(object?.stored.toString()).not.toBe('words');
      expect((await control('buckets/eu-central-1/none')).status).toBe(404);
    });

    it('registers clients as RFC 7591 answers, and refuses as it refuses', async () => {
      const created = await post('clients', { redirect_uris: ['http://localhost:9/cb'] });
      expect(created.status).toBe(201);
      expect(await created.json()).toMatchObject({
        client_id: expect.any(String),
        client_secret: expect.any(String),
        redirect_uris: ['http://localhost:9/cb'],
      });
      const refused = await post('clients', { redirect_uris: ['http://evil.example/cb'] });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: 'invalid_redirect_uri' });
    });

    it.each([
      ['clock', { advanceSeconds: -1 }, 'advanceSeconds'],
      ['clock', { seconds: 1 }, 'advanceSeconds'],
      ['faults', { service: 'kms', operation: 'Sign', kind: 'rain', times: 1 }, 'kind'],
      ['faults', { service: 'kms', operation: 'Sign', kind: 'error', times: 0 }, 'times'],
      ['clients', [], 'body'],
    ])('refuses POST %s %j and names what is wrong', async (path, body, name) => {
      const response = await post(path, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringContaining(name),
      });
    });

    it('answers 404 for a table that is not there', async () => {
      expect((await control('tables/eu-central-1/nope')).status).toBe(404);
      expect((await control('tables/mars-1/domicile-data-eu')).status).toBe(404);
    });

    it('moves the clock of functions: tokens are issued in their future', async () => {
      const response = await post('clock', { advanceSeconds: 3600 });
      expect(await response.json()).toMatchObject({ offsetSeconds: 3600 });
      const token: { access_token: string } = JSON.parse(await (await requestToken(cloud)).text());
      const [, claims = ''] = token.access_token.split('.');
      const { iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      expect(iat - Date.now() / 1000).toBeGreaterThan(3590);
      await cloud.reset();
    });

    it('resets to the seed: what was added is gone, seeded clients keep their secrets', async () => {
      await post('clients', { client_id: 'passing', redirect_uris: ['http://localhost:9/cb'] });
      const clientsOf = async () =>
        (await cloud.items('directory')).map(({ pk }) => pk).filter((pk) => pk !== 'CLIENTS');
      expect(await clientsOf()).toContain('CLIENT#passing');
      await putExport(cloud, 'exports/passing');
      expect((await post('reset', {})).status).toBe(200);
      expect(await clientsOf()).not.toContain('CLIENT#passing');
      expect(cloud.calls(0)).toEqual([]);
      expect(await cloud.objects('exports')).toEqual([]);
      expect((await requestToken(cloud)).status).toBe(200);
    });
  });
});

describe('permissions', () => {
  it('lets a flow fail with AccessDeniedException, and tells the statement, when one is missing', async () => {
    let id = '';
    const cloud = await startTestCloud({
      transformTemplate: (stack) => {
        if (stack.name !== 'Domicile-Identity') return stack;
        const role = Object.entries(stack.template.Resources).find(
          ([name, { Type }]) => Type === 'AWS::IAM::Role' && name.startsWith('TokenSurface'),
        );
        const policies = JSON.stringify(role?.[1].Properties?.['Policies']);
        const sids = [...policies.matchAll(/"Sid":"(\w+)"/g)].map(([, sid]) => sid);
        id = `${stack.name}/${role?.[0]}/surface#${sids.indexOf('SignEs256')}`;
        return withoutStatement(stack, id);
      },
    });
    try {
      // A key that has just begun to sign may be refused for some minutes: that is no 500 yet.
      await cloud.advance(900);
      expect((await requestToken(cloud)).status).toBe(500);
      expect(cloud.calls(0).at(-1)).toMatchObject({
        operation: 'Sign',
        outcome: 'AccessDeniedException',
      });
      const told = cloud.logs().filter(({ stream }) => stream === 'platform');
      expect(told[0]?.message).toMatch(
        /is not authorized to perform: kms:Sign .* Add to .*"kms:Sign"/,
      );
    } finally {
      await cloud.close();
    }
  });
});

describe('a cloud with a data directory', () => {
  it('keeps clients, clock and mails over a restart, for its owner alone, and ends after a reset', async () => {
    const dataDirectory = join(mkdtempSync(join(tmpdir(), 'cloud-')), 'data');
    const first = await startTestCloud({ dataDirectory });
    const registered = await first.registerClient({ redirect_uris: ['http://localhost:9/cb'] });
    await putExport(first, 'exports/kept');
    await first.advance(7200);
    await expect(startTestCloud({ dataDirectory })).rejects.toThrow('another local cloud');
    const seed = first.cloud.seed().clients;
    await first.close();
    expect(statSync(join(dataDirectory, 'state.json')).mode & 0o077).toBe(0);

    const second = await startTestCloud({ dataDirectory });
    try {
      const keys = (await second.items('directory')).map(({ pk }) => pk);
      expect(keys).toContain(`CLIENT#${registered.client_id}`);
      expect(Math.round(second.cloud.clock.offsetMs() / 1000)).toBe(7200);
      const secrets = second.cloud.seed().clients.map(({ client }) => client.client_secret);
      expect(secrets).toEqual(seed.map(({ client }) => client.client_secret));
      expect((await requestToken(second)).status).toBe(200);
      const [kept] = await second.objects('exports');
      expect(kept?.bytes?.toString()).toBe('words');

      let isReset = false;
      const resetting = second.reset().then(() => {
        isReset = true;
      });
      await second.close();
      expect(isReset).toBe(true);
      await resetting;
    } finally {
      await second.close();
    }
  });
});
