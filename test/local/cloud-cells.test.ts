import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

const CELLS = ['eu', 'us', 'ap'];
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];

async function discover(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/.well-known/openid-configuration`);
  return JSON.parse(await response.text());
}

function requestToken(cloud: TestCloud, url = cloud.issuer): Promise<Response> {
  const administrator = cloud.cloud.seed().clients.find(({ role }) => role === 'administrator');
  const { client_id: id, client_secret: secret } = administrator?.client ?? {};
  return fetch(`${url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
  });
}

/** As the operator, in a region of their choice. */
function lambdaOf(cloud: TestCloud, region: string): LambdaClient {
  const { endpoint, region: _, ...credentials } = cloud.cloud.seed().aws;
  return new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
}

describe('a cloud of three cells', () => {
  let cloud: TestCloud;
  const urlOf = (cell: string) => cloud.cellUrls[cell] ?? '';
  const post = (path: string, body: unknown) =>
    fetch(`${cloud.issuer}/_local/api/${path}`, { method: 'POST', body: JSON.stringify(body) });

  beforeAll(async () => {
    cloud = await startTestCloud({ cells: CELLS });
  });
  afterAll(() => cloud.close());
  afterEach(async () => {
    cloud.clearFaults();
    for (const cell of CELLS) await cloud.setCell(cell, 'up');
    cloud.setEntry('eu');
    cloud.setReplication({ paused: false });
    cloud.setReplication({ delayMs: 500 });
    await cloud.flushReplication();
  });

  it('serves each cell at a URL of its own, and all of them name the one issuer', async () => {
    expect(new Set([cloud.issuer, ...Object.values(cloud.cellUrls)]).size).toBe(4);
    for (const url of [cloud.issuer, ...CELLS.map(urlOf)]) {
      expect(await discover(url)).toMatchObject({ issuer: cloud.issuer });
    }
  });

  it('gives each region tables of its own and the directory to all, seeded from the primary', async () => {
    expect(await cloud.cloud.describeCells()).toEqual(
      CELLS.map((name, index) => ({
        name,
        region: REGIONS[index],
        url: urlOf(name),
        tables: expect.arrayContaining([
          'domicile-directory',
          `domicile-data-${name}`,
          `domicile-keys-${name}`,
        ]),
        state: 'up',
        isEntry: name === 'eu',
        residents: 0,
      })),
    );
    const [primary, ...replicas] = await Promise.all(
      CELLS.map((cell) => cloud.items('directory', cell)),
    );
    const sorted = (items: typeof primary) =>
      (items ?? []).map((item) => JSON.stringify(item)).sort();
    expect(sorted(primary).length).toBeGreaterThan(0);
    for (const replica of replicas) expect(sorted(replica)).toEqual(sorted(primary));
  });

  it.each(CELLS)('runs the functions of %s in its own region', async (cell) => {
    const before = cloud.mark();
    expect((await requestToken(cloud, urlOf(cell))).status).toBe(200);
    const regions = cloud.calls(before).map(({ region, callerRegion }) => [region, callerRegion]);
    expect(new Set(regions.flat())).toEqual(new Set([cloud.regions[cell]]));
  });

  it('lets the cell answer at the issuer that is told to', async () => {
    for (const cell of ['us', 'ap', 'eu']) {
      expect((await post('entry', { cell })).status).toBe(200);
      const before = cloud.mark();
      await requestToken(cloud);
      const [call] = cloud.calls(before);
      expect(call?.callerRegion).toBe(cloud.regions[cell]);
    }
  });

  it('replicates with the delay that is asked for, or not at all for a while', async () => {
    const has = async (cell: string, id: string) =>
      (await cloud.items('directory', cell)).some(({ pk }) => pk === `CLIENT#${id}`);
    expect((await post('replication', { paused: true })).status).toBe(200);
    await cloud.registerClient({ client_id: 'late', redirect_uris: ['http://localhost:9/cb'] });
    expect([await has('eu', 'late'), await has('us', 'late')]).toEqual([true, false]);
    await post('replication', { delayMs: 0 });
    await post('replication', { paused: false });
    await expect.poll(() => has('us', 'late')).toBe(true);
    expect(cloud.cloud.replication()).toEqual({ delayMs: 0, paused: false });
  });

  describe('of which one is down', () => {
    it('answers nothing there, and everything elsewhere, at the issuer too', async () => {
      expect((await post('cells', { name: 'eu', state: 'down' })).status).toBe(200);
      await expect(discover(urlOf('eu'))).rejects.toThrow();
      expect(await discover(urlOf('us'))).toMatchObject({ issuer: cloud.issuer });
      expect(await discover(cloud.issuer)).toMatchObject({ issuer: cloud.issuer });
      expect(await cloud.cloud.describeCells()).toMatchObject([
        { name: 'eu', state: 'down', isEntry: false },
        { name: 'us', state: 'up', isEntry: true },
        { name: 'ap', state: 'up', isEntry: false },
      ]);
      await post('cells', { name: 'eu', state: 'up' });
      expect(await discover(urlOf('eu'))).toMatchObject({ issuer: cloud.issuer });
    });

    it.each([
      ['unavailable', 'ServiceUnavailableException'],
      ['cut', 'ConnectionCut'],
    ] as const)('fails its AWS endpoints when %s', async (failure, outcome) => {
      await cloud.setCell('us', 'down', failure);
      const before = cloud.mark();
      const lambda = lambdaOf(cloud, cloud.regions['us'] ?? '');
      await expect(
        lambda.send(new InvokeCommand({ FunctionName: 'domicile-token', Payload: '{}' })),
      ).rejects.toThrow();
      expect(cloud.calls(before)).toMatchObject([{ service: 'lambda', outcome }]);
    });

    it('lets callers wait when it times out', async () => {
      await cloud.setCell('us', 'down', 'timeout');
      const before = cloud.mark();
      const send = lambdaOf(cloud, cloud.regions['us'] ?? '').send(
        new InvokeCommand({ FunctionName: 'domicile-token', Payload: '{}' }),
        { abortSignal: AbortSignal.timeout(200) },
      );
      await expect(send).rejects.toMatchObject({ name: 'AbortError' });
      await expect.poll(() => cloud.calls(before)).toMatchObject([{ outcome: 'Timeout' }]);
    });

    it('lets its replica catch up when it is back', async () => {
      cloud.setReplication({ delayMs: 0 });
      await cloud.setCell('ap', 'down');
      await cloud.registerClient({ client_id: 'away', redirect_uris: ['http://localhost:9/cb'] });
      const has = async (cell: string) =>
        (await cloud.items('directory', cell)).some(({ pk }) => pk === 'CLIENT#away');
      await expect.poll(() => has('us')).toBe(true);
      await cloud.flushReplication();
      expect(await has('ap')).toBe(false);
      await cloud.setCell('ap', 'up');
      await expect.poll(() => has('ap')).toBe(true);
    });
  });

  it.each([
    ['entry', { cell: 'mars' }, 404, 'there is no cell mars'],
    ['cells', { name: 'mars', state: 'up' }, 404, 'there is no cell mars'],
    ['cells', { name: 'eu', state: 'sideways' }, 400, 'state'],
    ['cells', { name: 'eu', state: 'down', failure: 'rain' }, 400, 'failure'],
    ['replication', { delayMs: -1 }, 400, 'delayMs'],
    ['replication', { paused: 'yes' }, 400, 'must be '],
    ['replication', {}, 400, 'must be '],
  ])('refuses POST %s %j and names what is wrong', async (path, body, status, text) => {
    const response = await post(path, body);
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(text),
    ]);
  });

  it('resets to the seed: everything is up, the first cell in front, replicas in step', async () => {
    await cloud.setCell('us', 'down');
    cloud.setEntry('ap');
    cloud.setReplication({ paused: true });
    await cloud.registerClient({ client_id: 'gone', redirect_uris: ['http://localhost:9/cb'] });
    await cloud.reset();
    expect(await cloud.cloud.describeCells()).toMatchObject([
      { state: 'up', isEntry: true },
      { state: 'up', isEntry: false },
      { state: 'up', isEntry: false },
    ]);
    expect(cloud.cloud.replication()).toEqual({ delayMs: 500, paused: false });
    for (const cell of CELLS) {
      const keys = (await cloud.items('directory', cell)).map(({ pk }) => pk);
      expect(keys).not.toContain('CLIENT#gone');
      expect(keys).toContain('CLIENT#demo-shop');
      expect((await requestToken(cloud, urlOf(cell))).status).toBe(200);
    }
  });
});

describe('the addresses of several cells', () => {
  it.each(['IssuerUrl', 'Domicile-Identity:CellUrls'])(
    'are passed by the local cloud alone: it refuses %s',
    async (name) => {
      const start = startTestCloud({ cells: ['eu', 'us'], parameters: { [name]: 'http://x' } });
      await expect(start).rejects.toThrow(`Parameter '${name}' cannot be set here`);
    },
  );
});

describe('a data directory of several cells', () => {
  it('keeps every region, and takes no other cells than it was made with', async () => {
    const dataDirectory = join(mkdtempSync(join(tmpdir(), 'cells-')), 'data');
    const first = await startTestCloud({ cells: ['eu', 'us'], dataDirectory });
    await first.registerClient({ client_id: 'kept', redirect_uris: ['http://localhost:9/cb'] });
    await first.close();

    for (const cells of [['eu'], ['us', 'eu'], ['eu', 'us', 'ap']]) {
      await expect(startTestCloud({ cells, dataDirectory })).rejects.toThrow(
        `${dataDirectory} was made with --cells eu,us; start with these, or choose another directory`,
      );
    }
    const second = await startTestCloud({ cells: ['eu', 'us'], dataDirectory });
    try {
      for (const cell of ['eu', 'us']) {
        const keys = (await second.items('directory', cell)).map(({ pk }) => pk);
        expect(keys).toContain('CLIENT#kept');
        expect((await requestToken(second, second.cellUrls[cell])).status).toBe(200);
      }
    } finally {
      await second.close();
    }
  });
});
