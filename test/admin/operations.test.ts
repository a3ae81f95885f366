import { generateKeyPairSync } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hashSecret, randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createAdmin } from '../../functions/admin/admin.ts';
import type { AdminDeps } from '../../functions/admin/operation.ts';
import type { Client } from '../../functions/core/client.ts';
import { UnavailableError } from '../../functions/core/errors.ts';
import type { ClientRegistry } from '../../functions/core/ports/clients.ts';

const APP = {
  client_id: 'app',
  client_name: 'App',
  redirect_uris: ['https://app.example/callback'],
};

const rsaKey = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });

let stored: Map<string, Client>;
let registry: ClientRegistry;
let logger: Logger;

beforeEach(() => {
  stored = new Map();
  registry = {
    create: async (client) => !stored.has(client.clientId) && !!stored.set(client.clientId, client),
    find: async (clientId) => stored.get(clientId),
    list: async () => ({ clients: [...stored.values()] }),
    replace: async (client, expected) =>
      stored.get(client.clientId)?.updatedAt === expected && !!stored.set(client.clientId, client),
    delete: async (clientId) => stored.delete(clientId),
  };
  logger = new Logger({ serviceName: 'admin' });
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
});

function deps(): AdminDeps {
  return {
    ...{ registry, hashSecret, randomToken },
    cellNames: ['eu', 'us'],
    rotations: { load: () => Promise.reject(new Error('clients know nothing of keys')) },
    rotationRuns: { start: async () => '', find: async () => undefined },
  };
}

function perform(operation: string, input: Readonly<Record<string, unknown>> = {}) {
  return createAdmin(deps(), logger)({ operation, input });
}

async function result(operation: string, input: Readonly<Record<string, unknown>> = {}) {
  const answer = await perform(operation, input);
  if (!answer.ok) throw new Error(answer.error.description);
  return answer.result;
}

describe('client.create', () => {
  it('shows the secret once and stores its hash alone', async () => {
    const created = await result('client.create', APP);
    const secret = String(created['client_secret']);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(stored.get('app')?.secrets[0]?.hash).toBe(hashSecret(secret));
    expect(JSON.stringify([...stored.values()])).not.toContain(secret);
    expect(await result('client.show', { client_id: 'app' })).not.toHaveProperty('client_secret');
  });

  it('gives no secret to clients that need none, and a random id when none is chosen', async () => {
    const { client_id: _chosen, ...anonymous } = APP;
    const created = await result('client.create', {
      ...anonymous,
      token_endpoint_auth_method: 'none',
    });
    expect(created).not.toHaveProperty('client_secret');
    expect(created['client_id']).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['a taken id', {}, 'conflict'],
    ['an id with a space', { client_id: 'a b' }, 'invalid_request'],
    [
      'a bad redirect URI',
      { client_id: 'b', redirect_uris: ['http://x.example/'] },
      'invalid_redirect_uri',
    ],
    [
      'a member of the wrong type',
      { client_id: 'b', redirect_uris: 'https://x.example/' },
      'invalid_client_metadata',
    ],
    [
      'an unknown grant type',
      { client_id: 'b', grant_types: ['implicit'] },
      'invalid_client_metadata',
    ],
    [
      'a misspelt member of ours',
      { client_id: 'b', domicile_colour: '#000000' },
      'invalid_client_metadata',
    ],
    [
      'keys from a URL',
      { client_id: 'b', jwks_uri: 'https://x.example/jwks' },
      'invalid_client_metadata',
    ],
    [
      'a private key',
      {
        client_id: 'b',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', d: 'x' }] },
      },
      'invalid_client_metadata',
    ],
    [
      'a key that cannot be used',
      {
        client_id: 'b',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
      },
      'invalid_client_metadata',
    ],
    [
      'an RSA key of 1024 bits',
      {
        client_id: 'b',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [rsaKey(1024)] },
      },
      'invalid_client_metadata',
    ],
  ])('refuses %s', async (_what, changes, code) => {
    await result('client.create', APP);
    expect(await perform('client.create', { ...APP, ...changes })).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  it('ignores metadata that it does not understand (RFC 7591 §2)', async () => {
    const created = await result('client.create', { ...APP, application_type: 'web' });
    expect(created).not.toHaveProperty('application_type');
  });
});

describe('domicile_allowed_cells', () => {
  it('names cells of the deployment', async () => {
    await result('client.create', { ...APP, domicile_allowed_cells: ['us'] });
    expect(stored.get('app')?.allowedCells).toEqual(['us']);
    const members = { domicile_allowed_cells: ['us', 'moon'] };
    const refused = [
      await perform('client.update', { client_id: 'app', ...members }),
      await perform('client.create', { ...APP, client_id: 'other', ...members }),
    ];
    for (const answer of refused) {
      expect(answer).toEqual({
        ok: false,
        error: {
          code: 'invalid_client_metadata',
          description: 'domicile_allowed_cells may name eu, us',
        },
      });
    }
    await result('client.update', { client_id: 'app', domicile_allowed_cells: null });
    expect(stored.get('app')?.allowedCells).toBeUndefined();
  });
});

describe('client.update', () => {
  it('changes what is given, keeps the rest, and takes null as back to the default', async () => {
    await result('client.create', { ...APP, domicile_color: '#0f766e' });
    const updated = await result('client.update', {
      client_id: 'app',
      client_name: 'Renamed',
      domicile_color: null,
    });
    expect(updated).toMatchObject({ client_name: 'Renamed', redirect_uris: APP.redirect_uris });
    expect(updated).not.toHaveProperty('domicile_color');
    expect(stored.get('app')?.secrets).toHaveLength(1);
  });

  it('clears every member that null is given for', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const links = ['client_uri', 'policy_uri', 'tos_uri'].map((name) => [
      name,
      'https://a.example/',
    ]);
    const bare = await result('client.create', APP);
    await result('client.update', {
      client_id: 'app',
      ...Object.fromEntries(links),
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
      post_logout_redirect_uris: ['https://app.example/'],
      domicile_audiences: ['https://api.example'],
      domicile_color: '#0f766e',
    });
    const full = await result('client.show', { client_id: 'app' });
    const added = Object.keys(full).filter((name) => !(name in bare) || full[name] !== bare[name]);
    expect(added).toEqual(expect.arrayContaining(['jwks', 'client_uri', 'policy_uri', 'tos_uri']));
    const kept = ['client_id', 'client_name', 'redirect_uris'];
    const cleared = Object.keys(full).filter((name) => !kept.includes(name));
    const { client_secret: _new, ...after } = await result('client.update', {
      client_id: 'app',
      ...Object.fromEntries(cleared.map((name) => [name, null])),
    });
    const { client_secret: _old, ...before } = bare;
    expect(after).toEqual(before);
  });

  it('gives a secret to a client that starts to need one, and takes it from one that stops', async () => {
    await result('client.create', { ...APP, token_endpoint_auth_method: 'none' });
    const change = (method: string) =>
      result('client.update', { client_id: 'app', token_endpoint_auth_method: method });
    expect(await change('client_secret_post')).toHaveProperty('client_secret');
    expect(await change('none')).not.toHaveProperty('client_secret');
    expect(stored.get('app')?.secrets).toEqual([]);
  });

  it('tells the operator who comes second that somebody was faster', async () => {
    await result('client.create', APP);
    const replace = registry.replace;
    registry = { ...registry, replace: async () => false };
    const late = await perform('client.update', { client_id: 'app', client_name: 'Late' });
    expect(late).toMatchObject({ ok: false, error: { code: 'conflict' } });
    registry = { ...registry, replace };
  });
});

describe('client.rotate-secret', () => {
  it.each([-1, 1.5, 2_592_001, '60'])('refuses an overlap of %s', async (seconds) => {
    await result('client.create', APP);
    const input = { client_id: 'app', overlap_seconds: seconds };
    expect(await perform('client.rotate-secret', input)).toMatchObject({
      error: { code: 'invalid_request' },
    });
  });

  it('says until when the old secret works', async () => {
    const { client_id_issued_at: createdAt } = await result('client.create', APP);
    const rotated = await result('client.rotate-secret', { client_id: 'app' });
    expect(Number(rotated['domicile_previous_secret_expires_at'])).toBeGreaterThanOrEqual(
      Number(createdAt) + 86_400,
    );
    expect(stored.get('app')?.secrets).toHaveLength(2);
  });
});

describe('the admin function', () => {
  it.each([undefined, null, 'x', {}, { operation: 'client.steal' }, { operation: 'constructor' }])(
    'refuses the event %j',
    async (event) => {
      const admin = createAdmin(deps(), logger);
      expect(await admin(event)).toMatchObject({ ok: false, error: { code: 'invalid_request' } });
    },
  );

  it('says not_found for what is not there', async () => {
    for (const operation of ['show', 'update', 'rotate-secret', 'delete']) {
      const answer = await perform(`client.${operation}`, { client_id: 'nobody' });
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
  });

  it('leaves an audit line without the secret for each change', async () => {
    const { client_secret: secret } = await result('client.create', APP);
    expect(logger.info).toHaveBeenCalledWith('audit', {
      operation: 'client.create',
      clientId: 'app',
      outcome: 'done',
    });
    expect(JSON.stringify(vi.mocked(logger.info).mock.calls)).not.toContain(secret);
  });

  it('leaves one for what was refused, with the id alone of what was asked', async () => {
    await result('client.create', APP);
    vi.mocked(logger.info).mockClear();
    await perform('client.create', { ...APP, client_name: 'ada@example.com' });
    await perform('client.show', { client_id: 'ada@example.com' });
    await perform('client.steal', APP);
    expect(vi.mocked(logger.info).mock.calls).toEqual([
      ['audit', { operation: 'client.create', clientId: 'app', outcome: 'conflict' }],
      ['audit', { operation: 'client.show', clientId: undefined, outcome: 'invalid_request' }],
      ['audit', { operation: 'unknown', outcome: 'invalid_request' }],
    ]);
  });

  it('says what is busy, and keeps everything else to its log', async () => {
    registry = { ...registry, find: () => Promise.reject(new UnavailableError('DynamoDB', 0)) };
    expect(await perform('client.show', { client_id: 'app' })).toMatchObject({
      error: { code: 'temporarily_unavailable' },
    });
    registry = { ...registry, find: () => Promise.reject(new Error('arn:aws:secret')) };
    const answer = await perform('client.show', { client_id: 'app' });
    expect(answer).toMatchObject({ error: { code: 'server_error' } });
    expect(JSON.stringify(answer)).not.toContain('arn:');
    expect(logger.error).toHaveBeenCalledOnce();
  });
});
