import type { ApiRequest } from '../http-api/request.ts';
import type { ApiResponse } from '../http-api/response.ts';
import { RegistrationRefusedError } from '../seed.ts';
import type { Fault } from '../types.ts';
import type { Action, Reply } from './action.ts';
import {
  ClockSchema,
  ControlError,
  FaultSchema,
  MetadataSchema,
  notFound,
  parseJsonBody,
  RedriveSchema,
  RestoreSchema,
} from './body.ts';
import { cellActions } from './cell-actions.ts';
import type { ControlledCloud } from './controlled-cloud.ts';
import { mailPage } from './mail-page.ts';

export const CONTROL_PREFIX = '/_local/api/';

/**
 * The control API of the local cloud, `/_local/api/*`: what happened inside, and how to disturb it.
 * Only pages of the local cloud itself may call it from a browser.
 */
export function createControlApi(
  cloud: ControlledCloud,
): (request: ApiRequest) => Promise<ApiResponse> {
  const actions = createActions(cloud);
  return async (request) => {
    try {
      requireSameOrigin(request);
      const [name = '', ...parts] = request.path.slice(CONTROL_PREFIX.length).split('/');
      const action = actions[`${request.method} ${name}`];
      if (action === undefined) throw notFound(`${request.method} ${request.path}`);
      return render(await action(request, parts));
    } catch (error) {
      return renderError(error);
    }
  };
}

function createActions(cloud: ControlledCloud): Readonly<Record<string, Action>> {
  const query = (request: ApiRequest) => new URLSearchParams(request.query);
  return {
    'GET inbox': (request) => ({ json: cloud.inbox(query(request).get('to') ?? undefined) }),
    'GET mail': (_, [id]) => {
      const mail = cloud.inbox().find((message) => message.id === id);
      if (mail === undefined) throw notFound(`mail ${id}`);
      return mailPage(mail.html);
    },
    'GET calls': (request) => ({ json: cloud.calls(readSince(query(request))) }),
    'GET requests': () => ({ json: cloud.requests() }),
    'GET seed': () => ({ json: cloud.seed() }),
    'GET events': (request) => ({ json: cloud.events(readSince(query(request))) }),
    'GET queues': () => ({ json: cloud.queues() }),
    'POST streams': async () => ({ json: { delivered: await cloud.deliverStreams() } }),
    'GET executions': () => ({ json: cloud.executions() }),
    'POST redrives': async ({ body }) => {
      const { arn } = parseJsonBody(body, RedriveSchema);
      if (!cloud.executions().some((one) => one.arn === arn)) throw notFound(`execution ${arn}`);
      await cloud.redrive(arn);
      return { status: 201, json: { ok: true } };
    },
    'POST restores': async ({ body }) => {
      const { at, secondsAgo, ...table } = parseJsonBody(body, RestoreSchema);
      if (!(await cloud.items(table.region, table.table))) throw notFound(`table ${table.table}`);
      const ago = secondsAgo === undefined ? undefined : cloud.clock.nowMs() - secondsAgo * 1000;
      const atMs = at === undefined ? ago : Date.parse(at);
      return { status: 201, json: { table: await cloud.restore({ ...table, atMs }) } };
    },
    'GET logs': () => ({ json: cloud.logs() }),
    'GET grants': () => ({ json: cloud.grants() }),
    'GET clock': () => ({ json: describeClock(cloud) }),
    'GET faults': () => ({ json: cloud.faults.list() }),
    'GET tables': async (_, [region = '', table = '']) => {
      const items = await cloud.items(region, table);
      if (items === undefined) throw notFound(`table ${table} in ${region}`);
      return { json: items };
    },
    'GET buckets': async (_, [region = '', bucket = '']) => {
      if (region === '') return { json: await cloud.buckets() };
      const objects = await cloud.objects(region, bucket);
      if (objects === undefined) throw notFound(`bucket ${bucket} in ${region}`);
      return { json: objects };
    },
    ...cellActions(cloud),
    'POST clients': async (request) => {
      const metadata = parseJsonBody(request.body, MetadataSchema);
      return { status: 201, json: await cloud.registerClient(metadata) };
    },
    'POST clock': async (request) => {
      await cloud.advance(parseJsonBody(request.body, ClockSchema).advanceSeconds);
      return { json: describeClock(cloud) };
    },
    'POST faults': (request) => {
      cloud.faults.add(withoutUndefined(parseJsonBody(request.body, FaultSchema)));
      return { status: 201, json: cloud.faults.list() };
    },
    'DELETE faults': () => {
      cloud.faults.clear();
      return { json: [] };
    },
    'POST reset': async () => {
      await cloud.reset();
      return { json: { ok: true } };
    },
  };
}

function readSince(query: URLSearchParams): number {
  const since = Number(query.get('since') ?? 0);
  if (Number.isInteger(since) && since >= 0) return since;
  throw new ControlError(400, 'invalid_request', 'since: must be a seq');
}

function describeClock({ clock }: ControlledCloud) {
  return {
    now: new Date(clock.nowMs()).toISOString(),
    offsetSeconds: Math.round(clock.offsetMs() / 1000),
  };
}

function withoutUndefined({
  region,
  resource,
  principal,
  ...fault
}: ReturnType<typeof FaultSchema.parse>): Fault {
  return {
    ...fault,
    ...(region !== undefined && { region }),
    ...(resource !== undefined && { resource }),
    ...(principal !== undefined && { principal }),
  };
}

/** Another site's page could otherwise reset, register clients or read the inbox. */
function requireSameOrigin({ headers }: ApiRequest): void {
  const { origin, host } = headers;
  const isForeign = origin !== undefined && origin !== `http://${host}`;
  if (isForeign || headers['sec-fetch-site'] === 'cross-site') {
    throw new ControlError(403, 'forbidden', 'the control API answers its own origin only');
  }
}

function render(reply: Reply): ApiResponse {
  if ('headers' in reply) return reply;
  return {
    status: reply.status ?? 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    cookies: [],
    body: Buffer.from(`${JSON.stringify(reply.json, null, 2)}\n`),
  };
}

function renderError(error: unknown): ApiResponse {
  if (error instanceof ControlError) {
    const json = { error: error.code, error_description: error.message };
    return render({ status: error.status, json });
  }
  if (error instanceof RegistrationRefusedError) {
    return render({ status: 400, json: { error: error.code, error_description: error.message } });
  }
  console.error('the control API failed:', error);
  const message = error instanceof Error ? error.message : 'unknown failure';
  return render({ status: 500, json: { error: 'server_error', error_description: message } });
}
