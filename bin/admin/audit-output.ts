import { type AuditRecord, nameActor } from '../../functions/core/audit/audit-record.ts';
import type { Finding } from '../../functions/core/audit/verification.ts';
import type { MissingRecord } from '../../functions/core/ports/audit-trail.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';
import type { Verified } from './audit-verify.ts';
import { renderTable, renderTime } from './output.ts';

/** A table, and what it may lack: what was before `from`, which nobody asked for. */
export function renderRecords(
  records: ReadonlyArray<AuditRecord>,
  missing: ReadonlyArray<MissingRecord>,
  isCut: boolean,
  from: EpochSeconds | undefined,
): string {
  const reach =
    from === undefined
      ? []
      : [
          '',
          `Read from ${renderTime(from)} on: --since reaches further, as do --person, --kind and a named --actor.`,
        ];
  if (records.length + missing.length === 0) {
    const nothing =
      'Nothing was recorded that fits. Acts are there some seconds after they happened.';
    return [nothing, ...reach].join('\n');
  }
  const rows = records.map((record) => [
    renderTime(record.at),
    record.kind,
    nameActor(record.actor),
    record.sub ?? '',
    [record.object, record.reason].filter((text) => text !== undefined).join(': '),
    record.from ?? '',
  ]);
  return [
    renderTable(['AT', 'KIND', 'ACTOR', 'PERSON', 'OBJECT', 'FROM'], rows),
    ...missing.map(
      ({ id, at, hour }) =>
        `Missing: ${id} of ${renderTime(at)} is in an index and not in ${hour}; verify that hour.`,
    ),
    ...(isCut ? ['', 'There are more: --limit, or --until with the last time shown.'] : reach),
  ].join('\n');
}

export function renderVerified(verified: Verified): string {
  const { cell, hours, records, expired, archived, from, to, findings } = verified;
  if (hours === 0 && findings.length === 0) return `Nothing of ${cell} is sealed in that time.`;
  const told = [
    `Cell ${cell}: ${count(hours, 'hour')} from ${from ?? '-'} to ${to ?? '-'}, ${count(records, 'record')}.`,
    ...(expired > 0 ? [`Of ${count(expired, 'hour')} the records have expired.`] : []),
    ...(archived > 0 ? [`${count(archived, 'hour')} compared with the archive.`] : []),
  ];
  if (findings.length === 0) return [...told, 'All of it is what was signed.'].join('\n');
  return [...told, `${count(findings.length, 'finding')}:`, ...findings.map(renderFinding)].join(
    '\n',
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function renderFinding(finding: Finding): string {
  return `  ${finding.hour}  ${sentenceOf(finding)}`;
}

function sentenceOf(finding: Finding): string {
  switch (finding.what) {
    case 'forged-root':
      return 'the root is not signed by the evidence key';
    case 'misplaced-root':
      return `the root was signed for ${finding.signedFor}`;
    case 'broken-chain':
      return 'the root does not follow from the one before, or is not the archived one';
    case 'missing-hour':
      return 'the hour has no root: it was removed';
    case 'truncated':
      return 'the hour should have been sealed by now: roots were removed, or sealing stands still';
    case 'another-tree':
      return `${finding.foundSize} records, ${finding.sealedSize} sealed: not the tree that was signed`;
    case 'removed-record':
      return `record ${finding.id} was removed`;
    case 'added-record':
      return `record ${finding.id} was added`;
    case 'altered-record':
      return `record ${finding.id} was altered`;
    case 'misplaced-record':
      return `record ${finding.id} does not belong where it stands`;
  }
}
