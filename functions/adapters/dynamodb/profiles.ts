import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Account } from '../../core/account.ts';
import type { CellName } from '../../core/cells.ts';
import type { Sub } from '../../core/ids.ts';
import type { OpenLabel, Profiles } from '../../core/ports/profiles.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { createLabelOpener } from '../crypto/label-keys.ts';
import {
  accountKey,
  dataKeyKey,
  decodeAccount,
  decodeDataKey,
  type Item,
  openLabelKeys,
} from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { grantKey, isOpenGrant } from './grant-items.ts';
import { homeOf } from './homes.ts';
import { subKey } from './identifier-items.ts';
import { decodeChoices, privacyKey } from './privacy-choice-items.ts';
import { sessionKey } from './session-items.ts';

interface ProfilesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  /** The directory, where people of other cells may be asked about. */
  readonly homesTable?: string | undefined;
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

/** Reads a person's profile and data key, and one thing beside them, in one BatchGetItem. */
export function createProfiles(deps: ProfilesDeps): Profiles {
  return {
    async find(sub) {
      const items = await loadItems(deps, sub, [accountKey(sub)]);
      return openAccount(deps, sub, items);
    },

    async findWithLabels(sub) {
      const opened = await openPerson(deps, sub, await loadItems(deps, sub, [accountKey(sub)]));
      if (opened === undefined) return undefined;
      const account = decodeAccount(sub, opened.profile, opened.dataKey);
      return { account, openLabel: labelsOf(sub, opened) };
    },

    async findWithSession(sub, sessionId) {
      const session = sessionKey({ sub, sessionId });
      const items = await loadItems(deps, sub, [accountKey(sub), session, privacyKey(sub)]);
      return {
        account: await openAccount(deps, sub, items),
        choices: decodeChoices(findBySortKey(items.data, privacyKey(sub))),
        hasSession: findBySortKey(items.data, session) !== undefined,
      };
    },

    async findWithGrant(sub, grantId, now, wanted) {
      const grant = grantKey(sub, grantId);
      const wantedKeys = wanted?.choices === true ? [privacyKey(sub)] : [];
      const keys = [accountKey(sub), grant, ...wantedKeys];
      const items = await loadItems(deps, sub, keys, deps.homesTable);
      const stored = findBySortKey(items.data, grant);
      return {
        account: await openAccount(deps, sub, items),
        choices: decodeChoices(findBySortKey(items.data, privacyKey(sub))),
        grantIsOpen: isOpenGrant(stored, now),
        grantIsKnown: stored !== undefined,
        ...(items.home !== undefined && { home: items.home }),
      };
    },
  };
}

interface Items {
  readonly data: ReadonlyArray<Item>;
  readonly keys: ReadonlyArray<Item>;
  readonly home?: CellName;
}

/** Consistent reads: what was just written, revoked or erased must count at once. */
async function loadItems(
  { dynamo, dataTable, keyTable }: ProfilesDeps,
  sub: Sub,
  dataKeys: Array<Item>,
  homesTable?: string,
): Promise<Items> {
  const found = await getBatch(dynamo, {
    [dataTable]: { Keys: dataKeys, ConsistentRead: true },
    [keyTable]: { Keys: [dataKeyKey(sub)], ConsistentRead: true },
    ...(homesTable !== undefined && { [homesTable]: { Keys: [subKey(sub)] } }),
  });
  const home = homesTable === undefined ? undefined : homeOf(found.get(homesTable)?.[0]);
  return {
    data: found.get(dataTable) ?? [],
    keys: found.get(keyTable) ?? [],
    ...(home !== undefined && { home }),
  };
}

async function openAccount(
  deps: ProfilesDeps,
  sub: Sub,
  items: Items,
): Promise<Account | undefined> {
  const opened = await openPerson(deps, sub, items);
  return opened && decodeAccount(sub, opened.profile, opened.dataKey);
}

interface OpenedPerson {
  readonly profile: Item;
  readonly dataKey: Uint8Array;
}

/** Undefined when profile or data key is gone: the person is erased. */
async function openPerson(
  { loadKeyring }: ProfilesDeps,
  sub: Sub,
  { data, keys }: Items,
): Promise<OpenedPerson | undefined> {
  const profile = findBySortKey(data, accountKey(sub));
  const wrapped = keys[0];
  if (profile === undefined || wrapped === undefined) return undefined;
  return { profile, dataKey: decodeDataKey(await loadKeyring(), sub, wrapped) };
}

function labelsOf(sub: Sub, { profile, dataKey }: OpenedPerson): OpenLabel {
  const keys = openLabelKeys(sub, profile, dataKey);
  const open = keys && createLabelOpener(keys);
  return async ({ sessionId, sealedUserAgent }) =>
    open && sealedUserAgent && (await open({ sub, sessionId }, sealedUserAgent));
}

function findBySortKey(items: ReadonlyArray<Item>, key: Item): Item | undefined {
  return items.find((item) => item['sk']?.S === key['sk']?.S);
}
