/** Who may use `/v1/admin/privacy/`: an administrator's client in its own name (RFC 6749 §4.4). */
import type { Actor } from '../core/audit/act.ts';
import { HttpError } from '../core/errors.ts';
import { type ClientId, isId, type Sub } from '../core/ids.ts';
import { requireClientToken } from '../http/access-tokens.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { PrivacyAdmin } from './dependencies.ts';

/** The scope that opens these endpoints. */
const SCOPE = 'admin';

export interface Operator {
  readonly clientId: ClientId;
  readonly actor: Actor;
}

export type OperatorEndpoint = (
  http: HttpRequest,
  operator: Operator,
) => ReturnType<HomingEndpoint>;

type OperatorDeps = Pick<PrivacyAdmin, 'accessTokens' | 'homeOf' | 'settings'>;

/** Throws invalid_token or insufficient_scope before the endpoint is asked; no AWS call once warm. */
export function forOperators(
  { accessTokens, settings }: OperatorDeps,
  endpoint: OperatorEndpoint,
): HomingEndpoint {
  const { issuer } = settings;
  return async (http) => {
    const clientId = await requireClientToken({ accessTokens, issuer }, http, SCOPE);
    noteSubject(http, { clientId });
    return endpoint(http, { clientId, actor: { type: 'client', clientId } });
  };
}

/** Of somebody whom the endpoint is about: handed on to where they are at home. */
export async function atHome(
  { homeOf }: OperatorDeps,
  http: HttpRequest,
  sub: Sub,
  answer: () => Promise<HttpResponse>,
): ReturnType<HomingEndpoint> {
  const home = await homeOf.unreadPerson(http, sub);
  if (home !== undefined) return { home };
  noteSubject(http, { sub });
  return answer();
}

/** Of a path's `{name}`. Throws HttpError 404 for what cannot be one. */
export function readId(http: HttpRequest, name: string): string {
  const id = http.pathParameters?.[name] ?? '';
  if (!isId(id)) throw new HttpError(404, 'there is nothing here');
  return id;
}
