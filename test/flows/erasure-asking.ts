/** Erasures as people and operators ask for them: over HTTP, by REST. */
import type { ExecutionView } from '../../local/states/answers.ts';
import { type App, clientCredentials, requireText } from '../harness/apps.ts';
import type { StoredItem, TestCloud } from '../harness/cloud.ts';
import { requireStatus } from './insisting.ts';
import { type RestCall, type RestPerson, rest } from './rest.ts';

export const DAY = 86_400;

export interface ErasureView {
  readonly requestId: string;
  readonly state: string;
  readonly erasesAt: string;
  readonly keepToken: string;
  readonly certificateId?: string;
}

/** 202, or it throws. */
export async function askForErasure(cloud: TestCloud, { token }: RestPerson): Promise<ErasureView> {
  const answer = await rest<ErasureView>(cloud, 'POST /v1/me/erasure', { token });
  if (answer.status !== 202) throw new Error(`not asked: ${JSON.stringify(answer.json)}`);
  return answer.json;
}

/** As stored: `active`, `erasing`, `closed`, or undefined once it is gone. */
export async function accountOf(
  cloud: TestCloud,
  sub: string,
  cell?: string,
): Promise<StoredItem | undefined> {
  const items = await cloud.items('data', cell);
  return items.find(({ pk, sk }) => pk === `USER#${sub}` && sk === 'ACCOUNT');
}

export async function requestOf(
  cloud: TestCloud,
  requestId: string,
  cell?: string,
): Promise<StoredItem | undefined> {
  const items = await cloud.items('records', cell);
  return items.find(({ pk, sk }) => pk === `REQUEST#${requestId}` && sk === 'REQUEST');
}

export function runOf(cloud: TestCloud, requestId: string): ExecutionView {
  const found = cloud.executions('domicile-erasure').find(({ name }) => name === requestId);
  if (found === undefined) throw new Error('the erasure has no execution');
  return found;
}

/** An administrator's client: REST as it would be called at that moment, with a token of its own. */
export async function createOperator(cloud: TestCloud) {
  const client = await cloud.registerClient({
    client_name: 'The back office',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'admin',
  });
  const app: App = {
    clientId: client.client_id,
    clientSecret: client.client_secret,
    authMethod: 'client_secret_basic',
    redirectUri: '',
    postLogoutRedirectUri: '',
    scope: 'admin',
  };
  async function token(): Promise<string> {
    return requireText(await clientCredentials(cloud, app), 'access_token');
  }
  return {
    clientId: app.clientId,
    token,
    call: async <Json = Readonly<Record<string, unknown>>>(
      route: Parameters<typeof rest>[1],
      options: RestCall = {},
    ) => rest<Json>(cloud, route, { ...options, token: await token() }),
  };
}

export type OperatorClient = Awaited<ReturnType<typeof createOperator>>;

/** At the person's account; answers with its id, and throws when it is refused. */
export async function placeHold(
  operator: OperatorClient,
  sub: string,
  reason = 'tax law, 10 years',
): Promise<string> {
  const { status, json } = await operator.call(`POST /v1/admin/privacy/people/${sub}/holds`, {
    body: { reason },
  });
  requireStatus({ status }, 201, 'a hold');
  return String(json['holdId']);
}

/** From wait to wait, until the run has ended or has been in `state`. */
export async function runTo(
  cloud: TestCloud,
  requestId: string,
  state?: string,
): Promise<ExecutionView> {
  for (let moves = 0; moves < 40; moves += 1) {
    const run = runOf(cloud, requestId);
    if (run.status !== 'RUNNING' || run.states.some(({ name }) => name === state)) return run;
    const leftMs = Date.parse(run.waitsUntil ?? '') - cloud.cloud.clock.nowMs();
    await cloud.advance(Number.isFinite(leftMs) ? Math.max(1, Math.ceil(leftMs / 1000)) : DAY);
  }
  throw new Error(`the erasure is still at ${runOf(cloud, requestId).states.at(-1)?.name}`);
}
