/** Whether an audit trail is what was signed: recomputed from records and roots alone. */
import type { StoredRoot } from '../ports/audit-hours.ts';
import type { EpochSeconds } from '../time.ts';
import { orderOf, parseRecord, type RecordText, SHARDS, shardOf } from './audit-record.ts';
import { type AuditRoot, parseRoot, type SignedRoot } from './audit-root.ts';
import { type AuditHour, maySeal, nextHour } from './hours.ts';
import { type Digest, EMPTY_TREE, type Frontier, rootHash } from './merkle.ts';
import { addRecords } from './tree.ts';

export type Finding =
  /** Not signed by the evidence key, or signed for something else. */
  | { readonly what: 'forged-root'; readonly hour: AuditHour }
  /** Signed for another hour or cell than where it lies. */
  | { readonly what: 'misplaced-root'; readonly hour: AuditHour; readonly signedFor: string }
  /** Does not follow from the root before it. */
  | { readonly what: 'broken-chain'; readonly hour: AuditHour }
  | { readonly what: 'missing-hour'; readonly hour: AuditHour }
  /** Should have been sealed by now. */
  | { readonly what: 'truncated'; readonly hour: AuditHour }
  | {
      readonly what: 'another-tree';
      readonly hour: AuditHour;
      readonly sealedSize: number;
      readonly foundSize: number;
    }
  | {
      readonly what: 'removed-record' | 'added-record' | 'altered-record' | 'misplaced-record';
      readonly hour: AuditHour;
      readonly id: string;
    };

interface VerificationDeps {
  readonly sha256: Digest;
  readonly toBase64Url: (bytes: Uint8Array) => string;
  /** Claims of a root signed by the evidence key; undefined for any other text. */
  readonly verifyRoot: (jws: string) => Promise<SignedRoot | undefined>;
}

/** Roots one after another, the oldest first. */
export interface ChainCheck {
  /** The root's claims, if it is one, and what is wrong with where it stands. */
  add(stored: StoredRoot): Promise<{
    readonly root: AuditRoot | undefined;
    readonly findings: ReadonlyArray<Finding>;
  }>;
  /** After the last one: what should be there by now. */
  end(now: EpochSeconds): ReadonlyArray<Finding>;
}

interface ChainStart {
  readonly cell: string;
  /** The first hour that there must be; undefined where nothing has happened. */
  readonly first: AuditHour | undefined;
  /** Whether the whole chain is read, so that nothing may come before its first root. */
  readonly isWhole: boolean;
}

/** More than an hour late is no sealing under way. */
const SEALING_SLACK_SECONDS = 3600;

export function checkChain(deps: VerificationDeps, start: ChainStart): ChainCheck {
  let expected = start.first;
  let previous: string | undefined;
  let isFirst = true;

  function checkLink(root: AuditRoot): ReadonlyArray<Finding> {
    const { hour } = root;
    if (isFirst && !start.isWhole) return [];
    return root.previous === previous ? [] : [{ what: 'broken-chain', hour }];
  }

  return {
    async add({ hour, root: jws }) {
      const findings: Array<Finding> = missingBetween(expected, hour);
      const claims = await deps.verifyRoot(jws);
      const root = claims === undefined ? undefined : parseRoot(claims);
      if (root === undefined) findings.push({ what: 'forged-root', hour });
      else if (root.hour !== hour || root.cell !== start.cell) {
        findings.push({ what: 'misplaced-root', hour, signedFor: `${root.cell} ${root.hour}` });
      } else findings.push(...checkLink(root));
      previous = deps.toBase64Url(deps.sha256(new TextEncoder().encode(jws)));
      expected = nextHour(hour);
      isFirst = false;
      return {
        root: findings.some(({ what }) => what === 'forged-root') ? undefined : root,
        findings,
      };
    },

    end(now) {
      const latest = (now - SEALING_SLACK_SECONDS) as EpochSeconds;
      if (expected === undefined || !maySeal(expected, latest)) return [];
      return [{ what: 'truncated', hour: expected }];
    },
  };
}

/** No more than a few are named: whoever removed a year is found out by its first hours. */
const MAX_MISSING_NAMED = 24;

function missingBetween(expected: AuditHour | undefined, hour: AuditHour): Array<Finding> {
  const findings: Array<Finding> = [];
  let missing = expected;
  while (missing !== undefined && missing < hour && findings.length < MAX_MISSING_NAMED) {
    findings.push({ what: 'missing-hour', hour: missing });
    missing = nextHour(missing);
  }
  return findings;
}

/** Recomputes the tree of an hour page by page. */
export interface HourCheck {
  add(texts: ReadonlyArray<RecordText>): ReadonlyArray<Finding>;
  /** Undefined when the tree is the one that was signed. */
  end(): Finding | undefined;
}

export function checkHour(deps: VerificationDeps, root: AuditRoot): HourCheck {
  const { hour } = root;
  let tree: Frontier = EMPTY_TREE;
  let last = '';

  return {
    add(texts) {
      tree = addRecords(tree, texts, deps.sha256);
      return texts.flatMap((text) => {
        const { id, place, statedHour } = placeOf(text);
        const isInOrder = place > last && statedHour === hour;
        last = place;
        return isInOrder ? [] : [{ what: 'misplaced-record', hour, id } as const];
      });
    },

    end() {
      const found = deps.toBase64Url(rootHash(tree, deps.sha256));
      if (found === root.treeHash && tree.size === root.size) return undefined;
      return { what: 'another-tree', hour, sealedSize: root.size, foundSize: tree.size };
    },
  };
}

/** Records of an hour follow each other by shard, then by time and id. */
function placeOf(text: RecordText): { id: string; place: string; statedHour: string | undefined } {
  try {
    const record = parseRecord(text);
    const shard = String(shardOf(record)).padStart(String(SHARDS).length, '0');
    return { id: record.id, place: `${shard} ${orderOf(record)}`, statedHour: record.hour };
  } catch {
    return { id: text.slice(0, 80), place: '', statedHour: undefined };
  }
}
