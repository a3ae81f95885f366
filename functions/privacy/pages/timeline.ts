/** What somebody chose and what the audit trail tells of them, as one list. */
import type { ActKind } from '../../core/audit/act.ts';
import { type AuditRecord, orderOf } from '../../core/audit/audit-record.ts';
import { isConfidential } from '../../core/audit/confidential.ts';
import { HttpError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import { newestFirst, type Position, type SourcePage } from '../../core/newest-first.ts';
import type { ChoiceEvent } from '../../core/ports/privacy-choices.ts';
import type { HttpRequest } from '../../http/message.ts';
import type { HistoryRow } from '../../pages/privacy-views.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import type { Person } from '../person.ts';
import { actRow, appsOf } from './act-rows.ts';
import { choiceOrSwitchRow } from './choice-rows.ts';

const LINES_PER_PAGE = 50;

type Line =
  | { readonly choice: ChoiceEvent; readonly act?: never }
  | { readonly act: AuditRecord; readonly choice?: never };

/** What another line tells already: a choice with its receipt, a request by its own name. */
const TOLD_BY_ANOTHER: ReadonlySet<ActKind> = new Set([
  'consent.given',
  'consent.withdrawn',
  'consent.objected',
  'consent.parent-asked',
  'consent.parent-answered',
  'account.erasing',
  'account.kept',
]);

/** One page of it, and the cursor of the next. Throws HttpError 400 for a cursor of another list. */
export async function readTimeline(
  deps: PrivacyPortal,
  http: HttpRequest,
  { sub }: Person,
  cursor: string | undefined,
): Promise<{ readonly entries: ReadonlyArray<HistoryRow>; readonly cursor?: string }> {
  const [choicesFrom, actsFrom] = readPositions(cursor);
  const pages = await Promise.all([
    readChoices(deps, sub, choicesFrom),
    readActs(deps, sub, actsFrom),
  ]);
  const { rows, positions } = newestFirst(pages, LINES_PER_PAGE);
  const names = await nameApps(deps, rows);
  const locales = deps.pages.localesOf(http);
  return {
    entries: rows.map(({ choice, act }) =>
      choice === undefined
        ? actRow(act, { names, policy: deps.policy })
        : choiceOrSwitchRow(choice, deps.policy, locales),
    ),
    ...(positions !== undefined && { cursor: positions.join('|') }),
  };
}

function readPositions(cursor: string | undefined): readonly [Position, Position] {
  if (cursor === undefined) return ['beginning', 'beginning'];
  const [choices, acts] = cursor.split('|');
  if (choices === undefined || acts === undefined) throw new HttpError(400, 'no such cursor');
  return [choices, acts];
}

type PositionedPage = SourcePage<Line> & { readonly from: Position };

async function readChoices(
  { choices }: PrivacyPortal,
  sub: Sub,
  from: Position,
): Promise<PositionedPage> {
  if (from === 'end') return { moments: [], from };
  const { entries, cursor } = await choices.history(sub, startOf(from));
  return {
    moments: entries.map((choice) => ({ at: choice.at, cursor: choice.eventId, row: { choice } })),
    ...(cursor !== undefined && { next: cursor }),
    from,
  };
}

async function readActs(
  { auditTrail }: PrivacyPortal,
  sub: Sub,
  from: Position,
): Promise<PositionedPage> {
  if (from === 'end') return { moments: [], from };
  const { records, cursor } = await auditTrail.ofPerson(sub, startOf(from));
  return {
    moments: records.map((act) => ({
      at: act.at,
      cursor: orderOf(act),
      ...(!isConfidential(act) && !isToldByAnother(act) && { row: { act } }),
    })),
    ...(cursor !== undefined && { next: cursor }),
    from,
  };
}

function startOf(from: Position): string | undefined {
  return from === 'beginning' ? undefined : from;
}

function isToldByAnother({ kind, object }: AuditRecord): boolean {
  return TOLD_BY_ANOTHER.has(kind) || (kind === 'preferences.changed' && object === 'do-not-sell');
}

/** By id; an app that was deleted since goes by its id. */
async function nameApps(
  { clients }: PrivacyPortal,
  lines: ReadonlyArray<Line>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(lines.flatMap(({ act }) => (act === undefined ? [] : appsOf(act))));
  const found = await clients.findAll(ids);
  return new Map([...ids].map((id) => [id, found.get(id)?.clientName ?? id]));
}
