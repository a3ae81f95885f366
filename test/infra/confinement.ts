import { actionsOf, type PolicyStatement } from './synthesized.ts';

/** `token.SignRs256`. */
export function titleOf({ holder, Sid }: PolicyStatement): string {
  return `${holder}.${Sid}`;
}

/** What AWS knows no ARN of, or none before it exists, and what confines it instead. */
const WITHOUT_ARN: Readonly<Record<string, ReadonlyArray<string>>> = {
  CreateSigningKeys: ['aws:RequestedRegion', 'aws:RequestTag/domicile:purpose'],
  CreateReplicas: ['aws:RequestedRegion'],
  ListKeys: ['aws:RequestedRegion'],
  // CloudWatch's own bookkeeping of who delivers logs; it reads and opens nothing.
  DeliverLogs: [],
  // Lambda asks for it before it follows a stream; names of streams are all that it tells.
  ListStreams: [],
};

/** Folders and copies that are named at run time, by whoever may use them. */
const AT_RUN_TIME: Readonly<Record<string, RegExp>> = {
  HandOutExports: /domicile-exports-[a-z]+-.*\/exports\/\*/,
  DeleteExports: /domicile-exports-[a-z]+-.*\/exports\/\*/,
  WriteExportFiles: /domicile-exports-[a-z]+-.*\/exports\/\*/,
  ArchiveAuditTrail: /domicile-archive-[a-z]+-.*\/audit\/\*/,
  EraseAgainInRestoredData: /table\/domicile-data-[a-z]+-restored\*/,
  EraseAgainInRestoredKeys: /table\/domicile-keys-[a-z]+-restored\*/,
  EraseAgainInRestoredDirectory: /table\/domicile-directory-restored\*/,
};

/** A log group's ARN ends in `:*`, which means its streams; SES: see the tests of mail. */
const BY_NATURE = ['WriteLog', 'SendMail'];

/** Reads what keys are for, to find one that was made and never written down; uses none. */
const READ_TAGS = 'ReadTags';

/** Keys are known by their tag: those made at run time have no ARN in a template. */
const TAGS = ['aws:ResourceTag/domicile:purpose', 'aws:RequestTag/domicile:purpose'];

/** Whether a grant names its resources or, where it cannot, the conditions that take their place. */
export function confinementOf(statement: PolicyStatement): {
  readonly isConfined: boolean;
  readonly resource: string;
} {
  const { Sid: sid, Resource: granted } = statement;
  const resource = JSON.stringify(granted);
  const conditions = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  if (granted === '*') {
    const needed = WITHOUT_ARN[sid];
    const isConfined = needed?.every((key) => conditions.includes(key)) ?? false;
    return { isConfined, resource };
  }
  if (!resource.includes('*') || BY_NATURE.includes(sid)) return { isConfined: true, resource };
  if (AT_RUN_TIME[sid]?.test(resource) === true) return { isConfined: true, resource };
  if (resource.includes(':key/*')) {
    const isOnKeys = actionsOf(statement).every((action) => action.startsWith('kms:'));
    const isTagged = sid === READ_TAGS || TAGS.some((tag) => conditions.includes(tag));
    return { isConfined: isOnKeys && isTagged, resource };
  }
  return { isConfined: resource.includes(':execution:domicile-key-rotation:*'), resource };
}
