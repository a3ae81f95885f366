import type { Cloud } from '../../local/cloud.ts';
import type { RequestRecord } from '../../local/http-api/access-log.ts';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import type { ExecutionView } from '../../local/states/answers.ts';
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

/** What is looked at. */
export interface Watched extends Pick<TestCloud, 'logs' | 'calls' | 'executions'> {
  readonly cloud: Pick<Cloud, 'requests'>;
}

/** What had been when the statement was taken away, and is not for want of it. */
export interface Before {
  readonly request: RequestRecord | undefined;
  /** Keys of `failuresIn`. */
  readonly failures: ReadonlySet<string>;
}

/** Runs of workflows that have failed, with what tells one failure from those before a redrive. */
export function failuresIn(
  cloud: Watched,
): ReadonlyArray<{ readonly arn: string; readonly key: string }> {
  return cloud
    .executions()
    .filter(({ status }) => status === 'FAILED')
    .map((run) => ({ arn: run.arn, key: keyOf(run) }));
}

function keyOf({ arn, states }: ExecutionView): string {
  return `${arn} ${states.length}`;
}

/** What logs and records of calls hold, and the answers and failures since, for want of a statement. */
export function seeRefusals(cloud: Watched, before: Before, missing: ListedStatement): Shortfall {
  return {
    outcomes: cloud.calls().map(({ outcome }) => outcome),
    denials: denialsAmong(cloud.logs().map(({ message }) => message)),
    refusals: refusalsOf(cloud, before, findStopped(cloud, missing)),
  };
}

/** Whom a denial has stopped, if they say so: another failure beside a denial that is swallowed counts for nothing. */
interface Stopped {
  /** Whose call was denied, and whoever waits for their answer. */
  readonly requestIds: ReadonlySet<string>;
  /** Functions and workflows by name. */
  readonly principals: ReadonlySet<string>;
}

function findStopped(cloud: Watched, missing: ListedStatement): Stopped {
  const denials = cloud
    .logs()
    .filter(({ message }) =>
      denialsAmong([message]).some((one) => one.includes(deniedWithout(missing))),
    );
  const requestIds = new Set(denials.flatMap(({ requestId }) => requestId ?? []));
  const principals = new Set(denials.map((entry) => entry.function));
  const calls = cloud.calls();
  // It goes on through what is added meanwhile.
  for (const id of requestIds) {
    for (const { requestId, parentRequestId, principal } of calls) {
      if (requestId !== id) continue;
      principals.add(principal);
      if (parentRequestId !== undefined) requestIds.add(parentRequestId);
    }
  }
  return { requestIds, principals };
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
  cloud: Watched,
  { request: requestBefore, failures }: Before,
  { requestIds, principals }: Stopped,
): ReadonlyArray<unknown> {
  const isOfStopped = ({ requestId = '' }: { readonly requestId: string | undefined }) =>
    requestIds.has(requestId);
  const requests = cloud.cloud.requests();
  const isBefore = requestBefore ? requests.indexOf(requestBefore) : -1;
  const answers = requests
    .slice(0, isBefore < 0 ? undefined : isBefore)
    .filter((request) => request.status >= 500 && isOfStopped(request));
  const written = cloud.logs().map((entry) => ({ ...entry, text: JSON.stringify(entry.message) }));
  const audits = written.filter(
    (entry) =>
      isOfStopped(entry) &&
      /server_error|(PasswordChange|Erasure)NotTold|"outcome":"AccessDenied/.test(entry.text),
  );
  const runs = cloud
    .executions()
    .filter((run) => !failures.has(keyOf(run)) && run.status === 'FAILED')
    .filter(({ machine }) => whoWorksFor(cloud, machine).some((name) => principals.has(name)));
  // Nobody's request is under way when a link is followed.
  const links = cloud
    .calls()
    .filter(
      ({ service, outcome, requestId, principal }) =>
        service === 's3' &&
        outcome === 'AccessDenied' &&
        requestId === undefined &&
        principals.has(principal),
    );
  // Beside the denial itself, which the platform logs as well.
  const streams = written.filter(
    ({ stream, text, function: name }) =>
      stream === 'platform' &&
      !text.includes("Add to the function's policy") &&
      principals.has(name),
  );
  return [...answers, ...audits, ...runs, ...links, ...streams];
}

/** A workflow, and the functions that it has invoked. */
function whoWorksFor(cloud: Watched, machine: string): ReadonlyArray<string> {
  const invoked = cloud
    .calls()
    .filter(({ principal, operation }) => principal === machine && operation === 'Invoke')
    .map(({ resource }) => resource.split(':function:')[1] ?? resource);
  return [machine, ...invoked];
}
