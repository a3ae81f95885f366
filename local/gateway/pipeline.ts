import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CellFailure } from '../cell-states.ts';
import { DEPTH_HEADER } from '../lambda/call-depth.ts';
import {
  type AuthorizationQuery,
  type Authorizer,
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
} from '../types.ts';
import type { CallLog } from './call-log.ts';
import { findCredentialScope } from './credential-scope.ts';
import type { CredentialRegistry, Identity } from './credentials.ts';
import { describeCall, describeQueries, type Queries } from './description.ts';
import { actOutBefore, actOutOutage, type Caller } from './disturbances.ts';
import { deniedError, type Faults } from './faults.ts';
import type { LatencyProfile } from './latency.ts';
import { findPresignedScope, requirePresigned } from './presigned.ts';
import type { Protocol, RawRequest } from './protocol.ts';
import { type ResidencyRules, requireResidency } from './residency.ts';

/** One service of one region, with the protocol that it speaks. */
export interface Endpoint {
  readonly service: AwsService;
  readonly protocol: Protocol;
}

/** Told when IAM refuses a call; `suggestion` is the statement that would allow it. */
export type DenialListener = (denial: {
  readonly request: AwsRequest;
  readonly requestId: string | undefined;
  readonly message: string;
  readonly suggestion: string;
}) => void;

export interface PipelineOptions {
  find(service: string, region: string): Endpoint | undefined;
  readonly credentials: CredentialRegistry;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly callLog: CallLog;
  readonly latency: LatencyProfile;
  readonly onDenied: DenialListener;
  readonly residency: ResidencyRules;
  /** How a region that is down fails; undefined while it is up. */
  failureOf(region: string): CellFailure | undefined;
  /** The shared clock, by which presigned URLs expire. */
  nowMs(): number;
}

/** `undefined` is no answer at all: the connection is cut. */
export type Answer = AwsResponse | undefined;

/**
 * What AWS does with a request, in order: who are you, may you, do it, log it. Faults come between
 * the identity and the permission, where a real outage would show.
 */
export async function answerAwsRequest(
  raw: RawRequest,
  caller: Caller,
  options: PipelineOptions,
): Promise<Answer> {
  const requestId = randomUUID();
  const inHeader = findCredentialScope(raw.headers['authorization']);
  const scope = inHeader ?? findPresignedScope(raw.target);
  if (scope === undefined)
    return refuse('MissingAuthenticationToken', 'Missing Authentication Token');
  const endpoint = options.find(scope.service, scope.region);
  if (endpoint === undefined) {
    const where = `${scope.service} in ${scope.region}`;
    return refuse('UnknownEndpoint', `the local cloud has no ${where}`, 404);
  }
  try {
    const identity =
      inHeader === undefined
        ? requirePresigned(raw, options.credentials, options.nowMs())
        : options.credentials.find(scope.accessKeyId);
    if (identity === undefined) throw unknownKey();
    const { operation, input } = endpoint.protocol.parse(raw);
    const request = {
      ...scope,
      operation,
      input,
      principal: identity.principal,
      callerRequestId: identity.holder?.requestId(),
      headers: raw.headers,
    };
    const answer = await performCall(request, endpoint.service, identity, caller, options);
    return answer && withRequestId(answer, requestId);
  } catch (error) {
    const known = error instanceof AwsError ? error : unexpected(error);
    return withRequestId(endpoint.protocol.renderError(known, requestId), requestId);
  }
}

async function performCall(
  request: AwsRequest,
  service: AwsService,
  { holder }: Identity,
  caller: Caller,
  options: PipelineOptions,
): Promise<Answer> {
  const queries = describeQueries(request, service);
  const requestId = request.callerRequestId;
  const call = options.callLog.begin({
    ...describeCall(request, queries),
    requestId,
    parentRequestId: holder?.parentRequestId?.(),
    depth: Number(request.headers[DEPTH_HEADER]) || undefined,
  });
  try {
    if (queries instanceof AwsError) throw queries;
    const resources = queries.map(({ resource }) => resource);
    const fault = options.faults.take(request, resources);
    const outage = options.failureOf(request.region);
    const cut =
      (await actOutOutage(outage, request.service, caller)) ??
      (await actOutBefore(fault, request, holder, caller));
    if (cut !== undefined) {
      call.end(cut);
      return undefined;
    }
    authorizeAll(request, queries, requestId, options);
    requireResidency(request, resources, options.residency);
    await delay(options.latency(request));
    const answer = await service.handle(request);
    if (fault?.kind === 'crash-after') {
      call.end('CrashAfter');
      holder?.crash();
      return undefined;
    }
    call.end('ok');
    return answer;
  } catch (error) {
    call.end(error instanceof AwsError ? error.code : 'InternalError');
    throw error;
  }
}

function authorizeAll(
  request: AwsRequest,
  queries: Queries,
  requestId: string | undefined,
  { authorizer, onDenied }: PipelineOptions,
): void {
  for (const query of queries) {
    const asked: AuthorizationQuery = {
      ...query,
      principal: request.principal,
      region: request.region,
    };
    const decision = authorizer.authorize(asked);
    if (decision.allowed) continue;
    const { message, suggestion } = decision;
    onDenied({ request, requestId, message, suggestion });
    throw deniedError(request.service, message);
  }
}

async function delay(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds);
}

function unknownKey(): AwsError {
  const message = 'The security token included in the request is invalid.';
  return new AwsError('UnrecognizedClientException', message, 403);
}

function unexpected(error: unknown): AwsError {
  console.error('the local cloud failed while answering an AWS call:', error);
  return new AwsError('InternalServerError', 'the local cloud failed; its output says why', 500);
}

function refuse(code: string, message: string, status = 403): AwsResponse {
  const body = JSON.stringify({ __type: code, message });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function withRequestId(answer: AwsResponse, requestId: string): AwsResponse {
  return { ...answer, headers: { 'x-amzn-requestid': requestId, ...answer.headers } };
}
