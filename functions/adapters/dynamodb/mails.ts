import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { MailPurpose } from '../../core/challenge.ts';
import { toSourceNetwork } from '../../core/source-network.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import { countOne, restartWithOne, uncountOne, windowEndOf } from './windowed-counters.ts';

const WINDOW_SECONDS = 3600;

/** One mail: to whom, what for, and whose request caused it. */
interface Mailing {
  readonly email: string;
  /**
   * Counted apart, so that nobody can use up somebody's recovery by signing up for them. Nor may
   * what other cells ask for (notices) use up a sign-up here: that would show where somebody lives.
   */
  readonly purpose: MailPurpose | 'notice';
  /** Network address of the caller. */
  readonly source: string;
  readonly now: EpochSeconds;
}

type Counting =
  | { readonly outcome: 'counted' }
  | { readonly outcome: 'too-many-mails'; readonly until: EpochSeconds }
  /** The caller's own item failed its condition; what was stored, if anything. */
  | { readonly outcome: 'refused'; readonly stored: Item | undefined };

export interface MailCounters {
  /** Counts a mail for its address and its source, in one transaction with the caller's item. */
  count(mailing: Mailing, item: TransactWriteItem): Promise<Counting>;
  /** Counts a mail that another cell asks for, for its address alone. */
  countNotice(notice: Pick<Mailing, 'email' | 'now'>): Promise<Counting>;
  /** Undoes `count`, in one transaction with the caller's item. */
  uncount(mailing: Mailing, item: TransactWriteItem): Promise<void>;
}

interface MailCountersDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly loadKeyring: () => Promise<Keyring<'identifier-pepper'>>;
  readonly perAddressAndHour: number;
  readonly perSourceAndHour: number;
}

/** Every purpose that mails to an address are counted for. */
export const MAIL_PURPOSES = ['sign-up', 'recovery', 'notice'] as const satisfies ReadonlyArray<
  Mailing['purpose']
>;

/** Of an address's counter; an erasure deletes it. */
export function mailsPartition(
  keyring: Keyring<'identifier-pepper'>,
  purpose: Mailing['purpose'],
  email: string,
): string {
  return `MAILS#${hmacIdentifier(keyring.key('identifier-pepper'), `mails-${purpose}`, email)}`;
}

/** Bounds what a stranger can make us send: to one address, and from one network. */
export function createMailCounters(deps: MailCountersDeps): MailCounters {
  const rules = [deps.perAddressAndHour, deps.perSourceAndHour].map((limit) => ({
    limit,
    windowSeconds: WINDOW_SECONDS,
  }));

  /** In the order of the rules; without a source, that of the address alone. */
  async function keysOf({
    email,
    purpose,
    source,
  }: Omit<Mailing, 'source' | 'now'> & { source?: string }): Promise<ReadonlyArray<Item>> {
    const keyring = await deps.loadKeyring();
    const pepper = keyring.key('identifier-pepper');
    const ofAddress = mailsPartition(keyring, purpose, email);
    const ofSource =
      source === undefined
        ? []
        : [`MAILS#${hmacIdentifier(pepper, 'mails-source', toSourceNetwork(source))}`];
    return [ofAddress, ...ofSource].map((pk) => ({ pk: { S: pk }, sk: { S: 'MAILS' } }));
  }

  /** `isOver` tells by counter whether its window has ended, so that it has to be restarted. */
  async function attempt(
    keys: ReadonlyArray<Item>,
    items: ReadonlyArray<TransactWriteItem>,
    now: EpochSeconds,
    isOver: ReadonlyArray<boolean>,
  ): Promise<Counting> {
    const counters = rules.slice(0, keys.length).map((rule, index) => {
      const update = isOver[index] === true ? restartWithOne : countOne;
      return { Update: update(deps.dataTable, keys[index] ?? {}, rule, now) };
    });
    try {
      await transact(deps.dynamo, [...counters, ...items]);
      return { outcome: 'counted' };
    } catch (error) {
      const { windowEnds, stored } = readRefusal(error, counters.length);
      if (windowEnds.every((end) => end === undefined)) return { outcome: 'refused', stored };
      // A restart that fails has been overtaken by another: count within that new window.
      const full = windowEnds.filter((end, index) => isOver[index] !== true && (end ?? 0) > now);
      if (full.length > 0) {
        return { outcome: 'too-many-mails', until: Math.max(...full.map(Number)) as EpochSeconds };
      }
      const next = windowEnds.map((end, index) =>
        end === undefined ? isOver[index] === true : isOver[index] !== true,
      );
      return attempt(keys, items, now, next);
    }
  }

  return {
    async count(mailing, item) {
      return attempt(await keysOf(mailing), [item], mailing.now, []);
    },

    async countNotice({ email, now }) {
      return attempt(await keysOf({ email, purpose: 'notice' }), [], now, []);
    },

    async uncount(mailing, item) {
      const keys = await keysOf(mailing);
      const counters = keys.map((key) => ({ Update: uncountOne(deps.dataTable, key) }));
      await transact(deps.dynamo, [...counters, item]);
    },
  };
}

/** When the windows of the counters that refused end, and the caller's item as stored. */
function readRefusal(
  error: unknown,
  counters: number,
): { windowEnds: ReadonlyArray<EpochSeconds | undefined>; stored: Item | undefined } {
  const reasons =
    error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  if (!reasons.some(({ Code: code }) => code === 'ConditionalCheckFailed')) throw error;
  const windowEnds = reasons
    .slice(0, counters)
    .map(({ Code: code, Item: item }) =>
      code === 'ConditionalCheckFailed' ? windowEndOf(item) : undefined,
    );
  return { windowEnds, stored: reasons[counters]?.Item };
}

async function transact(
  dynamo: DynamoDBClient,
  items: ReadonlyArray<TransactWriteItem>,
): Promise<void> {
  await sendDynamo(dynamo, new TransactWriteItemsCommand({ TransactItems: [...items] }));
}
