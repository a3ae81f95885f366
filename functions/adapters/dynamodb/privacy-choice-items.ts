import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import { countChange } from '../../core/consents/daily-changes.ts';
import type { Sub } from '../../core/ids.ts';
import type {
  ChangesOfDay,
  ChannelChoices,
  Choice,
  ChoiceEvent,
  NewChoice,
  PrivacyChange,
  PrivacyChoices,
} from '../../core/ports/privacy-choices.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { type Item, userPartition } from './account-items.ts';
import { actAttribute, actOf } from './acts.ts';
import { newEventId, putChoiceEvent } from './choice-event-items.ts';

export const PRIVACY_SORT_KEY = 'ACCOUNT#PRIVACY';

export function privacyKey(sub: Sub): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: PRIVACY_SORT_KEY } };
}

/** The present state, and what a conditional write has to know of it. */
export interface StoredChoices extends PrivacyChoices {
  /** How many entries the history has; 0 before the first. */
  readonly revision: number;
  /** Of the newest entry: clocks of two functions may disagree, the history's order must not. */
  readonly lastAt: EpochSeconds;
}

const NOTHING: StoredChoices = {
  choices: new Map(),
  topics: new Map(),
  revision: 0,
  lastAt: 0 as EpochSeconds,
};

/** As `encodeChoices` writes it. */
interface ChoicesItem {
  readonly revision: number;
  readonly lastAt: EpochSeconds;
  readonly choices: Readonly<Record<string, Omit<Choice, 'purposeId'>>>;
  readonly topics: Readonly<Record<string, ChannelChoices>>;
  readonly doNotSell?: PrivacyChoices['doNotSell'];
  readonly changed?: ChangesOfDay;
}

export function decodeChoices(item: Item | undefined): StoredChoices {
  if (item === undefined) return NOTHING;
  const { revision, lastAt, choices, topics, doNotSell, changed } = unmarshall(item) as ChoicesItem;
  return {
    choices: new Map(
      Object.entries(choices).map(([purposeId, choice]) => [purposeId, { purposeId, ...choice }]),
    ),
    topics: new Map(Object.entries(topics)),
    ...(doNotSell !== undefined && { doNotSell }),
    ...(changed !== undefined && { changed }),
    revision,
    lastAt,
  };
}

/** What a change comes to: the state after it, and the lines that it appends. */
export interface PlannedChange {
  readonly after: StoredChoices;
  readonly events: ReadonlyArray<ChoiceEvent>;
}

/** Never earlier than what is there; each line has its own place in the order. */
export function planChange(
  before: StoredChoices,
  { choices = [], topics, doNotSell }: PrivacyChange,
  now: EpochSeconds,
): PlannedChange {
  const at = Math.max(now, before.lastAt) as EpochSeconds;
  const eventIdOf = (place: number) => newEventId(at, before.revision + place);
  const chosen = choices.map(
    (choice: NewChoice, index): Choice => ({ ...choice, at, eventId: eventIdOf(index + 1) }),
  );
  const events: Array<ChoiceEvent> = chosen.map((choice) => ({ kind: 'choice', ...choice }));
  if (doNotSell !== undefined) {
    events.push({ kind: 'do-not-sell', ...doNotSell, at, eventId: eventIdOf(chosen.length + 1) });
  }
  const after: StoredChoices = {
    choices: new Map([
      ...before.choices,
      ...chosen.map((choice) => [choice.purposeId, choice] as const),
    ]),
    topics: new Map([...before.topics, ...(topics ?? [])]),
    ...doNotSellAfter(before, doNotSell, at),
    changed: countChange(before.changed, now),
    revision: before.revision + Math.max(1, events.length),
    lastAt: at,
  };
  return { after, events };
}

function doNotSellAfter(
  before: StoredChoices,
  change: PrivacyChange['doNotSell'],
  at: EpochSeconds,
): Pick<PrivacyChoices, 'doNotSell'> {
  if (change === undefined) {
    return before.doNotSell === undefined ? {} : { doNotSell: before.doNotSell };
  }
  if (!change.isOn) return {};
  return { doNotSell: { at, source: change.method === 'gpc' ? 'gpc' : 'person' } };
}

/** The items of somebody's first choices, for the transaction that creates their account. */
export function putFirstChoices(
  dataTable: string,
  sub: Sub,
  change: PrivacyChange,
  acting: Acting,
): ReadonlyArray<TransactWriteItem> {
  const planned = planChange(NOTHING, change, acting.at);
  return [
    putChoices(dataTable, sub, { before: NOTHING, planned, acting }),
    ...planned.events.map((event) => putChoiceEvent(dataTable, sub, event, acting)),
  ];
}

/** Fails when somebody else wrote since `before` was read. The topics' act rides on it. */
export function putChoices(
  dataTable: string,
  sub: Sub,
  { before, planned, acting }: { before: StoredChoices; planned: PlannedChange; acting: Acting },
): TransactWriteItem {
  const { choices, topics, doNotSell, changed, revision, lastAt } = planned.after;
  const isFirst = before.revision === 0;
  const item = {
    v: 1,
    revision,
    lastAt,
    choices: Object.fromEntries([...choices].map(([id, { purposeId: _, ...rest }]) => [id, rest])),
    topics: Object.fromEntries(topics),
    ...(doNotSell !== undefined && { doNotSell }),
    ...(changed !== undefined && { changed }),
  };
  const isOfTopics = planned.events.length === 0;
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...privacyKey(sub),
        ...marshall(item),
        ...(isOfTopics && {
          act: actAttribute(actOf(acting, { kind: 'preferences.changed', sub, object: 'topics' })),
        }),
      },
      ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'revision = :seen',
      ...(!isFirst && {
        ExpressionAttributeValues: { ':seen': { N: String(before.revision) } },
      }),
    },
  };
}
