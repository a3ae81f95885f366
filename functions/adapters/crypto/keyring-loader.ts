import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { InvariantError } from '../../core/errors.ts';
import { callAws } from '../aws-errors.ts';
import { sendDynamo } from '../dynamodb/send.ts';
import {
  type CellKeyring,
  parseCellKeyring,
  parseSharedKeyring,
  type SharedKeyring,
} from './keyring.ts';

/** Bound to the ciphertext (KMS encryption context), so that it opens for nothing else. */
export type KeyringContext = Readonly<Record<string, string>>;

export const SHARED_KEYRING_CONTEXT: KeyringContext = { 'domicile:purpose': 'keyring' };

export function cellKeyringContext(cell: string): KeyringContext {
  return { 'domicile:purpose': 'cell-keyring', 'domicile:cell': cell };
}

/** In the directory: the same for all cells. */
export const SHARED_KEYRING_KEY = keyOf('KEYRING');

/** In the cell's data table. */
export const CELL_KEYRING_KEY = keyOf('CELL-KEYRING');

function keyOf(name: string): Record<string, AttributeValue> {
  return { pk: { S: name }, sk: { S: name } };
}

/**
 * The keyrings of one container, opened by whoever needs them first (one read and one kms:Decrypt
 * each) and kept; a failure is forgotten, so that the next request tries again. Throw
 * UnavailableError, or Error when there is none.
 */
export interface Keyrings {
  readonly loadShared: () => Promise<SharedKeyring>;
  readonly loadCell: () => Promise<CellKeyring>;
}

interface KeyringsDeps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly cell: string;
  readonly directoryTable: string;
  readonly dataTable: string;
}

/** The first use of either opens both side by side: a cold start waits once, not twice. */
export function createKeyrings(deps: KeyringsDeps): Keyrings {
  const openShared = onceOpened(async () =>
    parseSharedKeyring(
      await open(deps, {
        table: deps.directoryTable,
        key: SHARED_KEYRING_KEY,
        context: SHARED_KEYRING_CONTEXT,
      }),
    ),
  );
  const openCell = onceOpened(() => openCellKeyring(deps));
  return {
    loadShared: () => first(openShared, openCell),
    loadCell: () => first(openCell, openShared),
  };
}

/** For surfaces that share nothing with other cells: no role of theirs may open the shared keyring. */
export function createOwnKeyring(deps: Omit<KeyringsDeps, 'directoryTable'>): Keyrings {
  return {
    loadShared: () => Promise.reject(new InvariantError('this surface shares no keyring')),
    loadCell: onceOpened(() => openCellKeyring(deps)),
  };
}

async function openCellKeyring(deps: Omit<KeyringsDeps, 'directoryTable'>): Promise<CellKeyring> {
  const context = cellKeyringContext(deps.cell);
  return parseCellKeyring(
    await open(deps, { table: deps.dataTable, key: CELL_KEYRING_KEY, context }),
  );
}

function first<Wanted>(
  load: () => Promise<Wanted>,
  loadOther: () => Promise<unknown>,
): Promise<Wanted> {
  const wanted = load();
  // Whoever needs the other one asks for it again, and learns of its failure then.
  loadOther().catch(() => undefined);
  return wanted;
}

function onceOpened<Ring>(openRing: () => Promise<Ring>): () => Promise<Ring> {
  let opened: Promise<Ring> | undefined;
  return () => {
    opened ??= openRing().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

interface WrappedKeyring {
  readonly table: string;
  readonly key: Record<string, AttributeValue>;
  readonly context: KeyringContext;
}

async function open(
  { dynamo, kms }: Pick<KeyringsDeps, 'dynamo' | 'kms'>,
  ring: WrappedKeyring,
): Promise<string> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: ring.table, Key: ring.key }),
  );
  const wrapped = item?.['wrapped']?.B;
  const keyId = item?.['keyId']?.S;
  if (wrapped === undefined || keyId === undefined) {
    throw new InvariantError(`the ${ring.context['domicile:purpose']} was not provisioned`);
  }
  const { Plaintext: plaintext } = await callAws('KMS', () =>
    kms.send(
      new DecryptCommand({
        // Without a region: in each one the key that has this id, primary or replica.
        KeyId: keyId,
        CiphertextBlob: wrapped,
        EncryptionContext: { ...ring.context },
      }),
    ),
  );
  if (plaintext === undefined) throw new InvariantError('KMS returned no keyring');
  return Buffer.from(plaintext).toString('utf8');
}
