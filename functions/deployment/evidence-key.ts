import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../adapters/dynamodb/account-items.ts';
import { EVIDENCE_KEY, encodeEvidenceKey } from '../adapters/dynamodb/evidence-key-items.ts';
import { sendDynamo } from '../adapters/dynamodb/send.ts';
import type { RegionalKeys } from '../adapters/kms/regional-keys.ts';
import { toPublicJwk } from '../signing-keys/public-jwk.ts';
import { keyIdOf } from './keyring.ts';

interface NewEvidenceKey {
  readonly dynamo: DynamoDBClient;
  readonly regionalKeys: Pick<RegionalKeys, 'readPublicKey' | 'replicate'>;
  readonly directoryTable: string;
  readonly keyArn: string;
}

/** Evidence was signed by a key that is not this deployment's, as after a restore or a lost key. */
export class ForeignEvidenceKeyError extends Error {
  constructor(signedBy: string, configured: string) {
    super(
      `evidence was signed by ${signedBy}, but this deployment is configured with ${configured}: ` +
        'see "The evidence key" in docs/runbook.md',
    );
    this.name = 'ForeignEvidenceKeyError';
  }
}

/**
 * Copies the evidence key to every region and writes down, once, who verifies by what. Certificates
 * are checked years later, so that the record never changes: another key throws
 * ForeignEvidenceKeyError.
 */
export async function ensureEvidenceKey(wanted: NewEvidenceKey): Promise<'created' | 'kept'> {
  const keyId = keyIdOf(wanted.keyArn);
  const stored = await findEvidenceKey(wanted);
  const outcome = stored === undefined ? await record(wanted, keyId) : keep(stored, keyId);
  await wanted.regionalKeys.replicate(keyId, 'evidence');
  return outcome;
}

async function record(wanted: NewEvidenceKey, keyId: string): Promise<'created' | 'kept'> {
  const jwk = await toPublicJwk(await wanted.regionalKeys.readPublicKey(keyId), 'ES256');
  try {
    await sendDynamo(
      wanted.dynamo,
      new PutItemCommand({
        TableName: wanted.directoryTable,
        Item: encodeEvidenceKey({ kid: jwk.kid, keyId, jwk }),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'created';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return keep(error.Item ?? {}, keyId);
    throw error;
  }
}

function keep(stored: Item, configured: string): 'kept' {
  const signedBy = stored['keyId']?.S ?? 'an unknown key';
  if (signedBy !== configured) throw new ForeignEvidenceKeyError(signedBy, configured);
  return 'kept';
}

async function findEvidenceKey({
  dynamo,
  directoryTable,
}: NewEvidenceKey): Promise<Item | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: directoryTable, Key: EVIDENCE_KEY, ConsistentRead: true }),
  );
  return item;
}
