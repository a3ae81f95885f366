import { createPublicKey } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { callAws } from '../adapters/aws-errors.ts';
import { sendDynamo } from '../adapters/dynamodb/send.ts';
import type { SigningAlgorithm } from '../core/client.ts';

export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  readonly keyArn: string;
}

export interface SigningKeyDeps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly directoryTable: string;
}

/**
 * Publishes a KMS key for the JWK Set (RFC 7517 §5), `kid` by RFC 7638. One that is there already
 * stays as it is, so that a deployment never takes a retiring key back into service.
 */
export async function publishSigningKey(
  deps: SigningKeyDeps,
  key: SigningKey,
  now: Date,
): Promise<'published' | 'kept'> {
  const jwk = await readPublicJwk(deps.kms, key);
  try {
    await sendDynamo(
      deps.dynamo,
      new PutItemCommand({
        TableName: deps.directoryTable,
        Item: marshall({
          pk: 'SIGNING-KEYS',
          sk: jwk.kid,
          v: 1,
          alg: key.algorithm,
          keyArn: key.keyArn,
          jwk,
          state: 'active',
          createdAt: now.toISOString(),
        }),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return 'published';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'kept';
    throw error;
  }
}

async function readPublicJwk(kms: KMSClient, key: SigningKey): Promise<JWK & { kid: string }> {
  const { PublicKey: spki } = await callAws('KMS', () =>
    kms.send(new GetPublicKeyCommand({ KeyId: key.keyArn })),
  );
  if (spki === undefined) throw new Error('KMS returned no public key');
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const jwk = await exportJWK(publicKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: key.algorithm, use: 'sig' };
}
