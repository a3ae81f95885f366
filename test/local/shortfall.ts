import type { RequestRecord } from '../../local/http-api/access-log.ts';
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

/** What logs and records of calls hold, and the answers since a request. */
export function seeRefusals(cloud: TestCloud, requestBefore: RequestRecord | undefined): Shortfall {
  return {
    outcomes: cloud.calls().map(({ outcome }) => outcome),
    denials: denialsAmong(cloud.logs().map(({ message }) => message)),
    refusals: refusalsOf(cloud, requestBefore),
  };
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
  requestBefore: RequestRecord | undefined,
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
  const runs = cloud.executions().filter(({ status }) => status === 'FAILED');
  const links = cloud
    .calls()
    .filter(({ service, outcome }) => service === 's3' && outcome === 'AccessDenied');
  // Beside the denial itself, which the platform logs as well.
  const streams = written.filter(
    ({ stream, text }) => stream === 'platform' && !text.includes("Add to the function's policy"),
  );
  return [...answers, ...audits, ...runs, ...links, ...streams];
}
