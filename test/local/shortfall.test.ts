/** What counts as the failure of whoever lacks a statement, and what only happens beside it. */
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../local/http-api/access-log.ts';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import type { FunctionLogEntry } from '../../local/lambda/function-logs.ts';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { CallRecord } from '../../local/types.ts';
import { seeRefusals, type Watched } from './shortfall.ts';

const MISSING: ListedStatement = {
  ...{ id: 'Identity/TokenRole/Policy#0', kind: 'identity', isRemovable: true, json: {} },
  owner: 'arn:aws:iam::111122223333:role/token',
};
const DENIAL =
  'User: arn:aws:sts::111122223333:assumed-role/token/domicile-token is not authorized to perform: ' +
  "kms:Sign on resource: key. Add to the function's policy: {}";

const at = '2026-01-01T00:00:00.000Z';
const region = 'eu-central-1';

function request(requestId: string, status = 503): RequestRecord {
  const path = { method: 'POST', path: '/oauth2/token', function: 'domicile-token' };
  return { requestId, region, at, ...path, status, durationMs: 1 };
}

function call(of: Partial<CallRecord>): CallRecord {
  return {
    ...{ seq: 1, at, region, service: 'kms', operation: 'Sign', principal: 'domicile-token' },
    ...{ resource: 'key', items: 1, requestId: 'denied', parentRequestId: undefined, depth: 1 },
    ...{ callerRegion: region, durationMs: 1, outcome: 'AccessDeniedException', ...of },
  };
}

function line(of: Partial<FunctionLogEntry>): FunctionLogEntry {
  const who = { at, region, function: 'domicile-token', requestId: 'denied' };
  return { ...who, stream: 'platform', message: DENIAL, ...of };
}

function run(machine: string): ExecutionView {
  return {
    ...{ region, machine, arn: `arn:${machine}`, name: 'run', status: 'FAILED', states: [] },
    ...{ input: {}, output: undefined, error: undefined, cause: undefined },
    ...{ startedAt: at, stoppedAt: at, redrives: 0, waitsUntil: undefined, awaitsAnswers: 0 },
  };
}

interface World {
  readonly requests?: ReadonlyArray<RequestRecord>;
  readonly calls?: ReadonlyArray<CallRecord>;
  readonly lines?: ReadonlyArray<FunctionLogEntry>;
  readonly runs?: ReadonlyArray<ExecutionView>;
}

/** Where one call of the function `domicile-token` was denied. */
function refusalsIn({ requests = [], calls = [call({})], lines = [], runs = [] }: World) {
  const cloud: Watched = {
    cloud: { requests: () => requests },
    calls: () => calls,
    logs: () => [line({}), ...lines],
    executions: () => runs,
  };
  return seeRefusals(cloud, { request: undefined, failures: new Set() }, MISSING).refusals;
}

const invoked = (principal: string, name: string) =>
  call({
    ...{ service: 'lambda', operation: 'Invoke', principal, requestId: undefined, outcome: 'ok' },
    resource: `arn:aws:lambda:${region}:111122223333:function:${name}`,
  });
const link = { service: 's3', operation: 'GetObject', outcome: 'AccessDenied' };

const OF_THE_DENIAL: ReadonlyArray<readonly [string, World]> = [
  ['its request is answered with 5xx', { requests: [request('denied')] }],
  [
    'the request that another cell has handed on is answered with 5xx',
    { requests: [request('first')], calls: [call({ parentRequestId: 'first' })] },
  ],
  ['its function says so', { lines: [line({ stream: 'stdout', message: 'server_error' })] }],
  [
    'the workflow fails that had invoked it',
    { runs: [run('export')], calls: [call({}), invoked('export', 'domicile-token')] },
  ],
  ['a link that it has signed is refused', { calls: [call({ ...link, requestId: undefined })] }],
  [
    'the platform says that it fails',
    { lines: [line({ requestId: undefined, message: '1 records: RetriesExhausted' })] },
  ],
];

const BESIDE_IT: ReadonlyArray<readonly [string, World]> = [
  ['nothing happens', {}],
  ['another request is answered with 5xx', { requests: [request('other')] }],
  ['its request succeeds', { requests: [request('denied', 200)] }],
  [
    'a function says so of another request',
    { lines: [line({ requestId: 'other', stream: 'stdout', message: 'server_error' })] },
  ],
  [
    'a workflow fails that had invoked another function',
    { runs: [run('export')], calls: [call({}), invoked('export', 'domicile-erasure')] },
  ],
  [
    'somebody lacks another statement, and says so',
    {
      requests: [request('other')],
      lines: [
        line({
          ...{ function: 'domicile-audit', requestId: 'other' },
          message: DENIAL.replace('role/token/domicile-token', 'role/audit/domicile-audit'),
        }),
      ],
    },
  ],
  ['its own call is refused by S3', { calls: [call(link)] }],
  [
    'a link of another function is refused',
    { calls: [call({}), call({ ...link, requestId: undefined, principal: 'domicile-export' })] },
  ],
  [
    'the platform says that another function fails',
    { lines: [line({ function: 'domicile-audit', requestId: undefined, message: 'failed' })] },
  ],
];

describe('of a call that is denied', () => {
  it.each(OF_THE_DENIAL)('it is the refusal when %s', (_what, world) => {
    expect(refusalsIn(world)).toHaveLength(1);
  });

  it.each(BESIDE_IT)('it is no refusal when %s', (_what, world) => {
    expect(refusalsIn(world)).toEqual([]);
  });
});
