import {
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import type { Account } from '../../core/account.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { Profiles } from '../../core/ports/profiles.ts';
import type { Keyring } from '../crypto/keyring.ts';
import {
  accountKey,
  dataKeyKey,
  decodeAccount,
  decodeDataKey,
  type Item,
} from './account-items.ts';
import { grantKey, isOpenGrant } from './grant-items.ts';
import { sendDynamo } from './send.ts';
import { sessionKey } from './session-items.ts';

const BATCH_ATTEMPTS = 3;

interface ProfilesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly loadKeyring: () => Promise<Keyring>;
}

/** Reads a person's profile and data key, and one thing beside them, in one BatchGetItem. */
export function createProfiles(deps: ProfilesDeps): Profiles {
  return {
    async find(sub) {
      const items = await loadItems(deps, sub, [accountKey(sub)]);
      return openAccount(deps, sub, items);
    },

    async findWithSession(sub, sessionId) {
      const session = sessionKey({ sub, sessionId });
      const items = await loadItems(deps, sub, [accountKey(sub), session]);
      return {
        account: await openAccount(deps, sub, items),
        hasSession: findBySortKey(items.data, session) !== undefined,
      };
    },

    async findWithGrant(sub, grantId, now) {
      const grant = grantKey(sub, grantId);
      const items = await loadItems(deps, sub, [accountKey(sub), grant]);
      return {
        account: await openAccount(deps, sub, items),
        grantIsOpen: isOpenGrant(findBySortKey(items.data, grant), now),
      };
    },
  };
}

interface Items {
  readonly data: ReadonlyArray<Item>;
  readonly keys: ReadonlyArray<Item>;
}

/** Consistent reads: what was just written, revoked or erased must count at once. */
async function loadItems(
  { dynamo, dataTable, keyTable }: ProfilesDeps,
  sub: Sub,
  dataKeys: Array<Item>,
): Promise<Items> {
  const data: Array<Item> = [];
  const keys: Array<Item> = [];
  let wanted: Record<string, KeysAndAttributes> = {
    [dataTable]: { Keys: dataKeys, ConsistentRead: true },
    [keyTable]: { Keys: [dataKeyKey(sub)], ConsistentRead: true },
  };
  for (let attempt = 0; attempt < BATCH_ATTEMPTS; attempt += 1) {
    const page = await sendDynamo(dynamo, new BatchGetItemCommand({ RequestItems: wanted }));
    data.push(...(page.Responses?.[dataTable] ?? []));
    keys.push(...(page.Responses?.[keyTable] ?? []));
    wanted = page.UnprocessedKeys ?? {};
    if (Object.keys(wanted).length === 0) return { data, keys };
  }
  throw new UnavailableError('DynamoDB', new Error('a batch stayed incomplete'));
}

/** Undefined when profile or data key is gone: the person is erased. */
async function openAccount(
  { loadKeyring }: ProfilesDeps,
  sub: Sub,
  { data, keys }: Items,
): Promise<Account | undefined> {
  const profile = findBySortKey(data, accountKey(sub));
  const wrapped = keys[0];
  if (profile === undefined || wrapped === undefined) return undefined;
  return decodeAccount(sub, profile, decodeDataKey(await loadKeyring(), sub, wrapped));
}

function findBySortKey(items: ReadonlyArray<Item>, key: Item): Item | undefined {
  return items.find((item) => item['sk']?.S === key['sk']?.S);
}
