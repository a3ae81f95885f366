import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AcceptedTerms, Account, ProfileAttributes } from '../../core/account.ts';
import { InvariantError } from '../../core/errors.ts';
import type { LabelKey, Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { LabelKeyPair } from '../crypto/label-keys.ts';
import {
  decryptAttribute,
  encryptAttribute,
  unwrapDataKey,
  wrapDataKey,
} from '../crypto/person-cipher.ts';

export type Item = Record<string, AttributeValue>;

/** Version of the account item's shape; part of every attribute's associated data. */
const ACCOUNT_VERSION = 1;

/** Partition key of everything about one person. */
export function userPartition(sub: Sub): string {
  return `USER#${sub}`;
}

export function accountKey(sub: Sub): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: 'ACCOUNT' } };
}

/** In the key table. */
export function dataKeyKey(sub: Sub): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: 'KEY' } };
}

/**
 * The complete ACCOUNT item: attributes encrypted one by one under the person's data key, and so is
 * the private half of what their sessions are labelled under.
 */
export function encodeAccount(
  account: Account,
  dataKey: Uint8Array,
  { publicKey, privateKey }: LabelKeyPair,
): Item {
  return {
    ...accountKey(account.sub),
    ...marshall({
      v: ACCOUNT_VERSION,
      status: account.status,
      emailVerified: account.emailVerified,
      attributes: Object.fromEntries(
        Object.entries(account.attributes).map(([name, value]) => [
          name,
          encryptAttribute(dataKey, bindingOf(account.sub, name), value),
        ]),
      ),
      labelKey: {
        public: publicKey,
        private: encryptAttribute(dataKey, labelBindingOf(account.sub), privateKey),
      },
      ...(account.terms !== undefined && { terms: account.terms }),
      createdAt: account.createdAt,
      updatedAt: account.updatedAt,
    }),
  };
}

/** What a session's label is sealed under, of an ACCOUNT item. */
export function findLabelKey(account: Item): LabelKey | undefined {
  return account['labelKey']?.M?.['public']?.S as LabelKey | undefined;
}

/** Both halves. Throws when the private one was altered or moved here from elsewhere. */
export function openLabelKeys(
  sub: Sub,
  account: Item,
  dataKey: Uint8Array,
): LabelKeyPair | undefined {
  const publicKey = findLabelKey(account);
  const sealed = account['labelKey']?.M?.['private']?.B;
  if (publicKey === undefined || sealed === undefined) return undefined;
  return { publicKey, privateKey: decryptAttribute(dataKey, labelBindingOf(sub), sealed) };
}

/** What `encodeAccount` wrote; only this file writes ACCOUNT items. */
interface AccountItem {
  readonly status: Account['status'];
  readonly emailVerified: boolean;
  readonly attributes: {
    readonly email: Uint8Array;
    readonly locale: Uint8Array;
    readonly birthdate?: Uint8Array;
    readonly country?: Uint8Array;
  };
  readonly terms?: AcceptedTerms;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}

/** Throws when an attribute was altered or moved here from elsewhere. */
export function decodeAccount(sub: Sub, item: Item, dataKey: Uint8Array): Account {
  const stored = unmarshall(item) as AccountItem;
  const { email, locale, birthdate, country } = stored.attributes;
  const open = (name: keyof ProfileAttributes, value: Uint8Array) =>
    decryptAttribute(dataKey, bindingOf(sub, name), value);
  return {
    sub,
    status: stored.status,
    emailVerified: stored.emailVerified,
    attributes: {
      email: open('email', email),
      locale: open('locale', locale),
      ...(birthdate !== undefined && { birthdate: open('birthdate', birthdate) }),
      ...(country !== undefined && { country: open('country', country) }),
    },
    ...(stored.terms !== undefined && { terms: stored.terms }),
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
  };
}

/** One attribute that is added later, as `encodeAccount` encrypts all. */
export function encryptProfileAttribute(
  dataKey: Uint8Array,
  sub: Sub,
  name: keyof ProfileAttributes,
  value: string,
): Uint8Array {
  return encryptAttribute(dataKey, bindingOf(sub, name), value);
}

/** The complete KEY item for the key table. */
export function encodeDataKey(
  keyring: Keyring<'data-key-wrapping'>,
  sub: Sub,
  dataKey: Uint8Array,
): Item {
  return {
    ...dataKeyKey(sub),
    v: { N: '1' },
    version: { N: String(keyring.version) },
    wrapped: { B: wrapDataKey(keyring, sub, dataKey) },
  };
}

/** Throws when the item holds no key, or somebody else's. */
export function decodeDataKey(
  keyring: Keyring<'data-key-wrapping'>,
  sub: Sub,
  item: Item,
): Uint8Array {
  const wrapped = item['wrapped']?.B;
  if (wrapped === undefined) throw new InvariantError('the KEY item holds no key');
  return unwrapDataKey(keyring, sub, { wrapped, version: Number(item['version']?.N) });
}

/** No attribute's name has a hyphen. */
function labelBindingOf(sub: Sub) {
  return bindingOf(sub, 'label-key');
}

function bindingOf(sub: Sub, name: string) {
  return { sub, name, version: ACCOUNT_VERSION };
}
