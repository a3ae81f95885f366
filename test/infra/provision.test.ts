import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerCustomResource } from '../../functions/provision/custom-resource.ts';
import { ensureKeyring } from '../../functions/provision/keyring.ts';
import { publishSigningKey } from '../../functions/provision/signing-keys.ts';

interface Answer {
  readonly method: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Record<string, unknown>;
}

describe('the custom resource protocol', () => {
  const answers: Array<Answer> = [];
  const statuses: Array<number> = [];
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        answers.push({
          method: request.method,
          contentType: request.headers['content-type'],
          body: JSON.parse(text),
        });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}/`;
  });

  afterAll(() => {
    server.close();
  });

  beforeEach(() => {
    answers.length = 0;
    statuses.length = 0;
  });

  function event(requestType: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent {
    return {
      RequestType: requestType,
      ResponseURL: url,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Provisioned',
      ResourceType: 'Custom::Provision',
      ServiceToken: 'arn',
      ResourceProperties: { ServiceToken: 'arn' },
    } as CloudFormationCustomResourceEvent;
  }

  function run(
    requestType: 'Create' | 'Update' | 'Delete',
    apply: () => Promise<void>,
    remainingMs = 60_000,
  ): Promise<void> {
    return answerCustomResource(
      event(requestType),
      { getRemainingTimeInMillis: () => remainingMs },
      {
        physicalResourceId: 'domicile-provisioned',
        apply,
        describeFailure: (error) => (error instanceof Error ? error.message : 'unknown'),
      },
    );
  }

  it.each(['Create', 'Update'] as const)('%s applies, then reports success', async (type) => {
    const apply = vi.fn(async () => undefined);
    await run(type, apply);
    expect(apply).toHaveBeenCalledOnce();
    expect(answers).toEqual([
      {
        method: 'PUT',
        // A pre-signed URL of S3 refuses any other content type.
        contentType: '',
        body: {
          Status: 'SUCCESS',
          PhysicalResourceId: 'domicile-provisioned',
          StackId: 'stack',
          RequestId: 'request',
          LogicalResourceId: 'Provisioned',
        },
      },
    ]);
  });

  it('keeps keys and keyring on Delete', async () => {
    const apply = vi.fn(async () => undefined);
    await run('Delete', apply);
    expect(apply).not.toHaveBeenCalled();
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS' });
  });

  it('reports a failure with its reason instead of leaving CloudFormation to wait', async () => {
    await run('Create', () => Promise.reject(new Error('KMS is unavailable')));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'KMS is unavailable' });
  });

  it('reports a failure before the function itself runs out of time', async () => {
    await run('Create', () => new Promise<void>(() => undefined), 20_010);
    expect(answers[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'provisioning did not end in time',
    });
  });

  it('answers again when the answer did not get through', async () => {
    statuses.push(503, 503);
    await run('Create', async () => undefined);
    expect(answers).toHaveLength(3);
  });

  it('fails loudly when no answer gets through', async () => {
    statuses.push(503, 503, 503);
    await expect(run('Create', async () => undefined)).rejects.toThrow('answered 503');
  });
});

describe('the keyring', () => {
  function deps(storedArn: string | undefined, put: () => Promise<object>) {
    const dynamo = new DynamoDBClient({ region: 'eu-central-1' });
    const kms = new KMSClient({ region: 'eu-central-1' });
    const encrypt = vi.fn(async () => ({ CiphertextBlob: new Uint8Array([1]) }));
    const write = vi.fn((_command: object) => put());
    vi.spyOn(dynamo, 'send').mockImplementation(async (command: object) =>
      command.constructor.name === 'GetItemCommand'
        ? storedArn === undefined
          ? {}
          : itemOf(storedArn)
        : write(command),
    );
    vi.spyOn(kms, 'send').mockImplementation(encrypt);
    return {
      encrypt,
      write,
      all: { dynamo, kms, directoryTable: 'directory', keyringKeyArn: 'arn' },
    };
  }

  it('is created once and wrapped before it is written', async () => {
    const { all, encrypt, write } = deps(undefined, async () => ({}));
    expect(await ensureKeyring(all)).toBe('created');
    expect(encrypt).toHaveBeenCalledOnce();
    expect(write).toHaveBeenCalledOnce();
    expect(write.mock.lastCall).toMatchObject([{ input: { Item: { keyArn: { S: 'arn' } } } }]);
  });

  it('is kept by every later deployment, without a new one ever being made', async () => {
    const { all, encrypt, write } = deps('arn', async () => ({}));
    expect(await ensureKeyring(all)).toBe('kept');
    expect(encrypt).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
  });

  it('is the winner’s when two deployments race', async () => {
    const { all } = deps(undefined, () => Promise.reject(lostTo('arn')));
    expect(await ensureKeyring(all)).toBe('kept');
  });

  it.each(['stored', 'raced'])(
    'of another KMS key (%s) fails the deployment and names both, since no function could open it',
    async (how) => {
      const { all, write } =
        how === 'stored'
          ? deps('arn:of-a-lost-key', async () => ({}))
          : deps(undefined, () => Promise.reject(lostTo('arn:of-a-lost-key')));
      await expect(ensureKeyring(all)).rejects.toThrow(/by arn:of-a-lost-key, .* with arn:/);
      expect(write).toHaveBeenCalledTimes(how === 'stored' ? 0 : 1);
    },
  );

  function lostTo(keyArn: string): ConditionalCheckFailedException {
    return new ConditionalCheckFailedException({
      message: 'lost',
      $metadata: {},
      ...itemOf(keyArn),
    });
  }

  function itemOf(keyArn: string) {
    return { Item: { pk: { S: 'KEYRING' }, keyArn: { S: keyArn } } };
  }
});

describe('signing keys', () => {
  function publish(algorithm: 'RS256' | 'ES256', put: () => Promise<object>) {
    const { publicKey } =
      algorithm === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const dynamo = new DynamoDBClient({ region: 'eu-central-1' });
    const kms = new KMSClient({ region: 'eu-central-1' });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    vi.spyOn(kms, 'send').mockImplementation(async () => ({ PublicKey: new Uint8Array(spki) }));
    const written: Array<Record<string, unknown>> = [];
    vi.spyOn(dynamo, 'send').mockImplementation(async (command: { input: object }) => {
      const { Item: item = {} }: { Item?: Record<string, AttributeValue> } = command.input;
      written.push(unmarshall(item));
      return put();
    });
    const outcome = publishSigningKey(
      { dynamo, kms, directoryTable: 'directory' },
      { algorithm, keyArn: 'arn:key' },
      new Date('2026-01-01T00:00:00Z'),
    );
    return { outcome, written, publicKey };
  }

  it.each(['RS256', 'ES256'] as const)(
    '%s is published under its thumbprint (RFC 7638)',
    async (algorithm) => {
      const { outcome, written, publicKey } = publish(algorithm, async () => ({}));
      expect(await outcome).toBe('published');
      const jwk = await exportJWK(publicKey);
      const kid = await calculateJwkThumbprint(jwk);
      expect(written).toEqual([
        {
          pk: 'SIGNING-KEYS',
          sk: kid,
          v: 1,
          alg: algorithm,
          keyArn: 'arn:key',
          jwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
          state: 'active',
          createdAt: '2026-01-01T00:00:00.000Z',
        },
      ]);
    },
  );

  it('keeps the state of one that is published already: no deployment revives a retiring key', async () => {
    const there = new ConditionalCheckFailedException({ message: 'there', $metadata: {} });
    const { outcome } = publish('ES256', () => Promise.reject(there));
    expect(await outcome).toBe('kept');
  });
});
