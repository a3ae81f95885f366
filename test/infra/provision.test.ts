import { createServer, type Server } from 'node:http';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SHARED_KEY_NAMES } from '../../functions/adapters/crypto/keyring.ts';
import { SHARED_KEYRING_CONTEXT } from '../../functions/adapters/crypto/keyring-loader.ts';
import { answerCustomResource } from '../../functions/deployment/custom-resource.ts';
import { ensureKeyring } from '../../functions/deployment/keyring.ts';

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-1';

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
  function deps(storedId: string | undefined, put: () => Promise<object>) {
    const dynamo = new DynamoDBClient({ region: 'eu-central-1' });
    const kms = new KMSClient({ region: 'eu-central-1' });
    const encrypt = vi.fn(async () => ({ CiphertextBlob: new Uint8Array([1]) }));
    const write = vi.fn((_command: object) => put());
    vi.spyOn(dynamo, 'send').mockImplementation(async (command: object) =>
      command.constructor.name === 'GetItemCommand'
        ? storedId === undefined
          ? {}
          : itemOf(storedId)
        : write(command),
    );
    vi.spyOn(kms, 'send').mockImplementation(encrypt);
    return {
      encrypt,
      write,
      all: {
        ...{ dynamo, kms, table: 'directory', key: { pk: { S: 'KEYRING' } } },
        ...{ names: SHARED_KEY_NAMES, keyArn: ARN, context: SHARED_KEYRING_CONTEXT },
      },
    };
  }

  it('is created once and wrapped before it is written', async () => {
    const { all, encrypt, write } = deps(undefined, async () => ({}));
    expect(await ensureKeyring(all)).toBe('created');
    expect(encrypt).toHaveBeenCalledOnce();
    expect(write).toHaveBeenCalledOnce();
    expect(write.mock.lastCall).toMatchObject([{ input: { Item: { keyId: { S: 'mrk-1' } } } }]);
  });

  it('is kept by every later deployment, without a new one ever being made', async () => {
    const { all, encrypt, write } = deps('mrk-1', async () => ({}));
    expect(await ensureKeyring(all)).toBe('kept');
    expect(encrypt).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
  });

  it('is the winner’s when two deployments race', async () => {
    const { all } = deps(undefined, () => Promise.reject(lostTo('mrk-1')));
    expect(await ensureKeyring(all)).toBe('kept');
  });

  it.each(['stored', 'raced'])(
    'of another KMS key (%s) fails the deployment and names both, since no function could open it',
    async (how) => {
      const { all, write } =
        how === 'stored'
          ? deps('mrk-lost', async () => ({}))
          : deps(undefined, () => Promise.reject(lostTo('mrk-lost')));
      await expect(ensureKeyring(all)).rejects.toThrow(/by mrk-lost, .* with mrk-1:/);
      expect(write).toHaveBeenCalledTimes(how === 'stored' ? 0 : 1);
    },
  );

  function lostTo(keyId: string): ConditionalCheckFailedException {
    return new ConditionalCheckFailedException({
      message: 'lost',
      $metadata: {},
      ...itemOf(keyId),
    });
  }

  function itemOf(keyId: string) {
    return { Item: { pk: { S: 'KEYRING' }, keyId: { S: keyId } } };
  }
});
