/** TransactWriteItems and TransactGetItems on dynalite, which has neither. */
import { isDeepStrictEqual } from 'node:util';
import db from 'dynalite/db/index.js';
import { AwsError } from '../types.ts';
import { loadTable, type Validated, validate } from './dynalite-actions.ts';
import type { DynaliteContext } from './dynalite-context.ts';
import type { Item } from './engine.ts';
import { read } from './item-reads.ts';
import { type WriteOperation, write } from './item-writes.ts';
import { findString, isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { commit, createOverlay } from './overlay.ts';

const ITEM_LIMIT = 100;
/** A ClientRequestToken is remembered for ten minutes. */
const TOKEN_LIFETIME_MS = 600_000;

const WRITE_KINDS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // A check deletes on an overlay that is never committed: only its condition has an effect.
  ConditionCheck: 'DeleteItem',
} satisfies Record<string, WriteOperation>;

type WriteKind = keyof typeof WRITE_KINDS;

interface TransactItem {
  readonly kind: WriteKind;
  readonly input: JsonObject;
  readonly data: Validated;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

interface Transactions {
  write(input: JsonObject): Promise<JsonObject>;
  get(input: JsonObject): Promise<JsonObject>;
}

/** All or nothing, isolated: a transaction holds the write queue from its first read to its commit. */
export function createTransactions(context: DynaliteContext): Transactions {
  const tokens = new Map<string, { input: JsonObject; expiresAtMs: number }>();

  function isRepeated(input: JsonObject): boolean {
    const token = findString(input, 'ClientRequestToken');
    if (token === undefined) return false;
    const nowMs = context.clock.nowMs();
    for (const [key, { expiresAtMs }] of tokens) if (expiresAtMs <= nowMs) tokens.delete(key);
    const known = tokens.get(token);
    if (known === undefined) return false;
    if (isDeepStrictEqual(known.input, input)) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The provided client token is already in use with different parameters.',
    );
  }

  function remember(input: JsonObject): void {
    const token = findString(input, 'ClientRequestToken');
    if (token === undefined) return;
    tokens.set(token, { input, expiresAtMs: context.clock.nowMs() + TOKEN_LIFETIME_MS });
  }

  return {
    write: (input) =>
      context.queue(async () => {
        if (isRepeated(input)) return {};
        const items = readTransactItems(context.store, input);
        await refuseDuplicates(
          context.store,
          items.map(({ data }) => data),
        );
        await writeAll(context, items);
        remember(input);
        return {};
      }),
    get: (input) => context.queue(() => getAll(context.store, input)),
  };
}

async function writeAll(context: DynaliteContext, items: ReadonlyArray<TransactItem>) {
  const overlays = items.map(() => createOverlay(context.store));
  const reasons: Array<Reason> = [];
  for (const [index, item] of items.entries()) {
    const overlay = overlays[index] ?? createOverlay(context.store);
    try {
      await write(overlay.store, WRITE_KINDS[item.kind], item.data);
      reasons.push({ Code: 'None' });
    } catch (error) {
      reasons.push(toReason(error, item.input, overlay.existing()));
    }
  }
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  const written = overlays.filter((_, index) => items[index]?.kind !== 'ConditionCheck');
  context.publish(await commit(context.store, written));
}

function toReason(error: unknown, input: JsonObject, existing: Item | undefined): Reason {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'ConditionalCheckFailedException') {
    const asked = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    return {
      Code: 'ConditionalCheckFailed',
      Message: error.message,
      ...(asked && existing && { Item: existing }),
    };
  }
  if (error.code === 'ValidationException') {
    return { Code: 'ValidationError', Message: error.message };
  }
  throw error;
}

function cancelled(reasons: ReadonlyArray<Reason>): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function readTransactItems(store: Dynalite.Store, input: JsonObject): ReadonlyArray<TransactItem> {
  return readMembers(input).map((member) => {
    const kinds = writeKindsOf(member);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    const body = readObject(member, kind);
    if (kind === 'ConditionCheck' && findString(body, 'ConditionExpression') === undefined) {
      throw invalid(
        "1 validation error detected: Value null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy constraint: Member must not be null",
      );
    }
    return { kind, input: body, data: validate(store, WRITE_KINDS[kind], body) };
  });
}

function writeKindsOf(member: JsonObject): ReadonlyArray<WriteKind> {
  const kinds: ReadonlyArray<WriteKind> = ['ConditionCheck', 'Put', 'Update', 'Delete'];
  return kinds.filter((kind) => isObject(member[kind]));
}

function readMembers(input: JsonObject): ReadonlyArray<JsonObject> {
  const members = readObjects(input, 'TransactItems');
  if (members.length >= 1 && members.length <= ITEM_LIMIT) return members;
  const bound = members.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 100';
  throw invalid(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

async function refuseDuplicates(store: Dynalite.Store, requests: ReadonlyArray<Validated>) {
  const seen = new Set<string>();
  for (const data of requests) {
    const name = String(data['TableName']);
    const table = await loadTable(store, name);
    const key = data['Item'] ?? data['Key'];
    // A key of the wrong shape is that item's own cancellation reason, found later.
    if (!isObject(key) || db.validateItem(key, table)) continue;
    const identity = `${name}~${db.createKey(key, table)}`;
    if (seen.has(identity)) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    seen.add(identity);
  }
}

async function getAll(store: Dynalite.Store, input: JsonObject): Promise<JsonObject> {
  const requests = readMembers(input).map((member) =>
    validate(store, 'GetItem', readObject(member, 'Get')),
  );
  await refuseDuplicates(store, requests);
  const Responses: Array<JsonObject> = [];
  const reasons: Array<Reason> = [];
  for (const request of requests) {
    try {
      const { Item } = await read(store, 'GetItem', request);
      Responses.push(Item === undefined ? {} : { Item });
      reasons.push({ Code: 'None' });
    } catch (error) {
      reasons.push(toReason(error, request, undefined));
    }
  }
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  return { Responses };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
