import type { RequestRecord } from '../../local/http-api/access-log.ts';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import type { TestCloud } from '../harness/cloud.ts';

/** What is to be seen where a statement is missing. */
export interface Shortfall {
  /** Of the calls to AWS. */
  readonly outcomes: ReadonlyArray<string>;
  /** The logs say in AWS's words who was denied what. */
  readonly denials: ReadonlyArray<string>;
  /** What the caller sees. */
  readonly refusals: ReadonlyArray<unknown>;
}

/** What had been when the statement was taken away, and is not for want of it. */
export interface Before {
  readonly request: RequestRecord | undefined;
  /** Keys of `failuresIn`. */
  readonly failures: ReadonlySet<string>;
}

/** Runs of workflows that have failed, with what tells one failure from those before a redrive. */
export function failuresIn(
  cloud: TestCloud,
): ReadonlyArray<{ readonly arn: string; readonly key: string }> {
  return cloud
    .executions()
    .filter(({ status }) => status === 'FAILED')
    .map(({ arn, states }) => ({ arn, key: `${arn} ${states.length}` }));
}

/** What logs and records of calls hold, and the answers and failures since. */
export function seeRefusals(cloud: TestCloud, before: Before): Shortfall {
  return {
    outcomes: cloud.calls().map(({ outcome }) => outcome),
    denials: denialsAmong(cloud.logs().map(({ message }) => message)),
    refusals: refusalsOf(cloud, before),
  };
}

/** What a denial names: the role that lacks the statement, or the key that does. */
export function deniedWithout({ kind, owner }: ListedStatement): string {
  if (kind === 'resource') return `on resource: ${owner} because`;
  const [, role = ''] = owner.split(':role/');
  return `assumed-role/${role}/`;
}

export function denialsAmong(messages: ReadonlyArray<unknown>): ReadonlyArray<string> {
  return messages.map(String).filter((message) => /is not authorized to perform/.test(message));
}

/**
 * Functions answer 5xx over HTTP; S3 refuses a link that a function has signed; the admin function
 * refuses whoever invokes it; a workflow fails or is not even started; news of a changed password
 * that did not leave are counted, since the change itself stands; a stream's consumer is said to fail
 * by the platform.
 */
function refusalsOf(
  cloud: TestCloud,
  { request: requestBefore, failures }: Before,
): ReadonlyArray<unknown> {
  const requests = cloud.cloud.requests();
  const isBefore = requestBefore ? requests.indexOf(requestBefore) : -1;
  const answers = requests
    .slice(0, isBefore < 0 ? undefined : isBefore)
    .filter(({ status }) => status >= 500);
  const written = cloud.logs().map((entry) => ({ ...entry, text: JSON.stringify(entry.message) }));
  const audits = written.filter(({ text }) =>
    /server_error|(PasswordChange|Erasure)NotTold|"outcome":"AccessDenied/.test(text),
  );
  const runs = failuresIn(cloud).filter(({ key }) => !failures.has(key));
  const links = cloud
    .calls()
    .filter(({ service, outcome }) => service === 's3' && outcome === 'AccessDenied');
  // Beside the denial itself, which the platform logs as well.
  const streams = written.filter(
    ({ stream, text }) => stream === 'platform' && !text.includes("Add to the function's policy"),
  );
  return [...answers, ...audits, ...runs, ...links, ...streams];
}
