import {
  type AttributeValue,
  type DynamoDBClient,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PrivacyRequestId, PrivacyRequestState } from '../../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { requestKey } from './privacy-request-items.ts';
import { sendDynamo } from './send.ts';

/** Of a request from one state to the next. */
export interface Move {
  readonly from: ReadonlyArray<PrivacyRequestState>;
  readonly to: PrivacyRequestState;
  readonly now: EpochSeconds;
  /** Attributes of the request's item that change with it, by their (top level) names. */
  readonly set?: Readonly<Record<string, AttributeValue>>;
  readonly remove?: ReadonlyArray<string>;
}

/** Conditional on the state, so that of two moves one happens. */
export function moveRequest(
  recordsTable: string,
  requestId: PrivacyRequestId,
  { from, to, now, set = {}, remove = [] }: Move,
): Update & { readonly UpdateExpression: string } {
  // Into the state that it is in already is no move: the history tells of it once.
  const before = from.filter((state) => state !== to);
  const allowed = before.map((_, index) => `:from${index}`);
  const named = namedSets(set);
  const sets = [
    '#state = :to',
    'stateSince = :now',
    'history = list_append(history, :entry)',
    ...named.sets,
  ];
  return {
    TableName: recordsTable,
    Key: requestKey(requestId),
    ConditionExpression: `#state IN (${allowed.join(', ')})`,
    UpdateExpression: `SET ${sets.join(', ')}${removal(remove)}`,
    ExpressionAttributeNames: { '#state': 'state', ...named.names, ...removedNames(remove) },
    ExpressionAttributeValues: {
      ...marshall({ ':to': to, ':now': now, ':entry': [{ state: to, at: now }] }),
      ...Object.fromEntries(before.map((state, index) => [`:from${index}`, { S: state }])),
      ...named.values,
    },
  };
}

/**
 * Notes what a workflow has done or where it stands, without a move: any attributes of the
 * request's item. One write, which may be repeated.
 */
export async function noteOnRequest(
  { dynamo, recordsTable }: { readonly dynamo: DynamoDBClient; readonly recordsTable: string },
  requestId: PrivacyRequestId,
  note: {
    readonly set?: Readonly<Record<string, AttributeValue>>;
    readonly remove?: ReadonlyArray<string>;
  },
): Promise<void> {
  const { names, values, sets } = namedSets(note.set ?? {});
  const remove = note.remove ?? [];
  await sendDynamo(
    dynamo,
    new UpdateItemCommand({
      TableName: recordsTable,
      Key: requestKey(requestId),
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: `${sets.length > 0 ? `SET ${sets.join(', ')}` : ''}${removal(remove)}`,
      ExpressionAttributeNames: { ...names, ...removedNames(remove) },
      ...(sets.length > 0 && { ExpressionAttributeValues: values }),
    }),
  );
}

/** `facts.x` by path: what one state notes leaves alone what another did. */
function namedSets(set: Readonly<Record<string, AttributeValue>>) {
  const entries = Object.entries(set);
  const names: Record<string, string> = {};
  const paths = entries.map(([path]) =>
    path
      .split('.')
      .map((part) => {
        names[`#set_${part}`] = part;
        return `#set_${part}`;
      })
      .join('.'),
  );
  return {
    names,
    values: Object.fromEntries(entries.map(([, value], index) => [`:set${index}`, value])),
    sets: paths.map((path, index) => `${path} = :set${index}`),
  };
}

function removal(remove: ReadonlyArray<string>): string {
  return remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#remove_${name}`).join(', ')}`;
}

function removedNames(remove: ReadonlyArray<string>): Record<string, string> {
  return Object.fromEntries(remove.map((name) => [`#remove_${name}`, name]));
}
