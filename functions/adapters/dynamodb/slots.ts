import {
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Slots } from '../../core/ports/slots.ts';
import {
  chooseSlot,
  SLOT_LEASE_SECONDS,
  type Slot,
  type SlotMachine,
  slotsWithinReach,
} from '../../core/slots.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import { hashSecret, randomBelow } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { isWritten } from './conditional-writes.ts';
import { sendDynamo } from './send.ts';

interface SlotsDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly machine: SlotMachine;
  /** How many may be at work at once. */
  readonly count: number;
}

export function createSlots(deps: SlotsDeps): Slots {
  async function look(holder: string): Promise<ReadonlyArray<Slot>> {
    const numbers = slotsWithinReach(deps.count, drawOf(holder));
    const found = await getBatch(deps.dynamo, {
      [deps.recordsTable]: {
        Keys: numbers.map((number) => slotKey(deps.machine, number)),
        ConsistentRead: true,
      },
    });
    const items = found.get(deps.recordsTable) ?? [];
    return numbers.map((number) => decode(number, findItem(items, deps.machine, number)));
  }

  return {
    async take(holder, now) {
      const number = chooseSlot(await look(holder), { holder, now }, randomBelow);
      return number !== undefined && lease(deps, number, { holder, now });
    },

    async release(holder) {
      const own = (await look(holder)).filter((slot) => slot.holder === holder);
      await Promise.all(own.map(({ number }) => giveBack(deps, number, holder)));
    },
  };
}

/** False when somebody was faster. */
async function lease(
  { dynamo, recordsTable, machine }: SlotsDeps,
  number: number,
  { holder, now }: { readonly holder: string; readonly now: EpochSeconds },
): Promise<boolean> {
  const until = String(addSeconds(now, SLOT_LEASE_SECONDS));
  return isWritten(
    sendDynamo(
      dynamo,
      new UpdateItemCommand({
        TableName: recordsTable,
        Key: slotKey(machine, number),
        ConditionExpression: 'attribute_not_exists(pk) OR leasedUntil <= :now OR holder = :holder',
        UpdateExpression: 'SET v = :v, holder = :holder, leasedUntil = :until, expiresAt = :until',
        ExpressionAttributeValues: {
          ':v': { N: '1' },
          ':holder': { S: holder },
          ':now': { N: String(now) },
          ':until': { N: until },
        },
      }),
    ),
  );
}

async function giveBack(
  { dynamo, recordsTable, machine }: SlotsDeps,
  number: number,
  holder: string,
): Promise<void> {
  await isWritten(
    sendDynamo(
      dynamo,
      new DeleteItemCommand({
        TableName: recordsTable,
        Key: slotKey(machine, number),
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder } },
      }),
    ),
  );
}

function slotKey(machine: SlotMachine, number: number): Item {
  return { pk: { S: `SLOT#${machine}#${number}` }, sk: { S: 'SLOT' } };
}

function findItem(items: ReadonlyArray<Item>, machine: SlotMachine, number: number) {
  return items.find((item) => item['pk']?.S === slotKey(machine, number)['pk']?.S);
}

function decode(number: number, item: Item | undefined): Slot {
  const holder = item?.['holder']?.S;
  if (holder === undefined) return { number };
  return { number, holder, leasedUntil: Number(item?.['leasedUntil']?.N) as EpochSeconds };
}

/** The same for the same holder, at any time. */
function drawOf(holder: string): number {
  return Buffer.from(hashSecret(holder), 'base64url').readUInt32BE(0);
}
