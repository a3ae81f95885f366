import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { Contact, ErasureContacts } from '../../core/ports/erasures.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { Keyring } from '../crypto/keyring.ts';
import {
  decryptAttribute,
  encryptAttribute,
  newDataKey,
  unwrapDataKey,
  wrapDataKey,
} from '../crypto/person-cipher.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface ContactsDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly keyTable: string;
  /** The cell's own. */
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

export function createErasureContacts(deps: ContactsDeps): ErasureContacts {
  const { dynamo, recordsTable, keyTable } = deps;

  async function read(table: string, key: Item): Promise<Item | undefined> {
    const get = new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true });
    return (await sendDynamo(dynamo, get)).Item;
  }

  async function remove(table: string, key: Item): Promise<void> {
    await sendDynamo(dynamo, new DeleteItemCommand({ TableName: table, Key: key }));
  }

  return {
    // Repeated, it is another key and another ciphertext: both are replaced, the key first, and
    // what a crash left between them opens nothing.
    async keep(requestId, contact) {
      const keyring = await deps.loadKeyring();
      const key = newDataKey();
      const wrapped = wrapDataKey(keyring, ownerOf(requestId), key);
      const sealed = encryptAttribute(key, bindingOf(requestId), JSON.stringify(contact));
      await sendDynamo(
        dynamo,
        new PutItemCommand({
          TableName: keyTable,
          Item: {
            ...contactKeyKey(requestId),
            v: { N: '1' },
            version: { N: String(keyring.version) },
            wrapped: { B: wrapped },
          },
        }),
      );
      await sendDynamo(
        dynamo,
        new PutItemCommand({
          TableName: recordsTable,
          Item: { ...contactKey(requestId), v: { N: '1' }, sealed: { B: sealed } },
        }),
      );
    },

    async find(requestId) {
      const [key, contact] = await Promise.all([
        read(keyTable, contactKeyKey(requestId)),
        read(recordsTable, contactKey(requestId)),
      ]);
      const wrapped = key?.['wrapped']?.B;
      const sealed = contact?.['sealed']?.B;
      if (wrapped === undefined || sealed === undefined) return undefined;
      const version = Number(key?.['version']?.N);
      const opened = unwrapDataKey(await deps.loadKeyring(), ownerOf(requestId), {
        wrapped,
        version,
      });
      // Authentic, hence written by `keep`.
      return JSON.parse(decryptAttribute(opened, bindingOf(requestId), sealed)) as Contact;
    },

    async forget(requestId) {
      await remove(keyTable, contactKeyKey(requestId));
      await remove(recordsTable, contactKey(requestId));
    },
  };
}

/** In the key table, whose backups reach back one day. */
function contactKeyKey(requestId: PrivacyRequestId): Item {
  return { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'KEY' } };
}

/** In the records table. */
function contactKey(requestId: PrivacyRequestId): Item {
  return { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'CONTACT' } };
}

/** Whom a key is wrapped for, and a ciphertext bound to: the request, in the place of a person. */
function ownerOf(requestId: PrivacyRequestId): Sub {
  return `REQUEST#${requestId}` as Sub;
}

function bindingOf(requestId: PrivacyRequestId) {
  return { sub: ownerOf(requestId), name: 'contact', version: 1 };
}
