import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type {
  PrivacyRequest,
  PrivacyRequestLists,
  RequestsPage,
  RequestsWanted,
} from '../../core/ports/privacy-requests.ts';
import { addSeconds, type EpochSeconds, toIsoTime } from '../../core/time.ts';
import { decodeListed, dueMonthPartition, monthOf } from './privacy-request-items.ts';
import { loadListed } from './privacy-request-listing.ts';
import type { PrivacyRequestsDeps } from './privacy-requests.ts';
import { sendDynamo } from './send.ts';

const PAGE = 50;

/** One answer asks for so many pages of months; the next one goes on. */
const MAX_QUERIES = 12;

/** Months that lists reach back; older ones are found by their id. */
const MAX_MONTHS = 36;

/** A new request is due in 31 days at the latest; later ones are not there yet. */
const LATEST_SECONDS = 32 * 86_400;

/** Before which sort key of which month a list goes on. */
interface Position {
  readonly month: string;
  readonly before: string;
}

/** Months backwards, a page of each at a time; filtered once the requests themselves are read. */
export function createPrivacyRequestLists(
  deps: Pick<PrivacyRequestsDeps, 'dynamo' | 'recordsTable'>,
): PrivacyRequestLists {
  return {
    async list(wanted) {
      const oldest = earlierMonth(monthOf(wanted.now), MAX_MONTHS);
      const found: Array<PrivacyRequest> = [];
      let position: Position | undefined = startOf(wanted);
      for (let round = 0; round < MAX_QUERIES && position !== undefined; round += 1) {
        const page: MonthPage = await readMonth(deps, position);
        found.push(...page.requests.filter((request) => isWanted(request, wanted)));
        position = page.next ?? nextMonth(position, oldest);
        if (found.length >= PAGE / 2) break;
      }
      return toPage(found, position);
    },
  };
}

function startOf({ cursor, dueBefore, now }: RequestsWanted): Position {
  const [month, before] = cursor?.split('|') ?? [];
  if (month !== undefined && before !== undefined) return { month, before };
  const end: EpochSeconds = dueBefore ?? addSeconds(now, LATEST_SECONDS);
  return { month: monthOf(end), before: toIsoTime(end) };
}

function toPage(
  requests: ReadonlyArray<PrivacyRequest>,
  position: Position | undefined,
): RequestsPage {
  if (position === undefined) return { requests };
  return { requests, cursor: `${position.month}|${position.before}` };
}

interface MonthPage {
  readonly requests: ReadonlyArray<PrivacyRequest>;
  /** Where this month goes on. */
  readonly next?: Position;
}

async function readMonth(
  deps: Pick<PrivacyRequestsDeps, 'dynamo' | 'recordsTable'>,
  { month, before }: Position,
): Promise<MonthPage> {
  const page = await sendDynamo(
    deps.dynamo,
    new QueryCommand({
      TableName: deps.recordsTable,
      KeyConditionExpression: 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: {
        ':pk': { S: dueMonthPartition(month) },
        ':before': { S: before },
      },
      ScanIndexForward: false,
      Limit: PAGE,
    }),
  );
  const requests = await loadListed(deps, (page.Items ?? []).map(decodeListed));
  const last = page.LastEvaluatedKey?.['sk']?.S;
  return { requests, ...(last !== undefined && { next: { month, before: last } }) };
}

function isWanted(
  { kind, state, dueAt }: PrivacyRequest,
  { kind: wantedKind, state: wantedState, dueBefore }: RequestsWanted,
): boolean {
  if (wantedKind !== undefined && kind !== wantedKind) return false;
  if (wantedState !== undefined && state !== wantedState) return false;
  return dueBefore === undefined || dueAt < dueBefore;
}

function nextMonth({ month }: Position, oldest: string): Position | undefined {
  // Every time of day sorts before `~`.
  return month <= oldest ? undefined : { month: earlierMonth(month, 1), before: '~' };
}

function earlierMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - by, 1)).toISOString().slice(0, 7);
}
