/** `/v1/me/erasure`: the end of an account, and staying after all (GDPR Art. 17). */
import { askForErasure, undoErasure } from '../browser/erasure-asking.ts';
import { type KeepWord, openKeepWord } from '../browser/keep-account-link.ts';
import type { Actor } from '../core/audit/act.ts';
import { readCellTag } from '../core/cells.ts';
import { HttpError, OAuthError } from '../core/errors.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import { type EpochSeconds, toIsoTime } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import { readBearerToken, refuseToken } from '../http/bearer.ts';
import { findForeignHome, type HomingEndpoint } from '../http/forwarding.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { PersonEndpoint } from './person.ts';

/**
 * `POST`, 202: everybody is signed out, the app that asks included. It takes a fresh sign-in (RFC
 * 9470). `keepToken` is what the app may still ask and undo with, until the account is closed.
 */
export function createErasureRequest(deps: PrivacyPortal): PersonEndpoint {
  return async (http, { sub, actor, authTime }) => {
    requireFreshSignIn(deps, http, authTime);
    const asked = await askForErasure(deps, { sub, acting: actingOf(http, actor) });
    if (asked === undefined) throw new HttpError(409, 'the account is not active');
    const { request, keepWord, counts } = asked;
    const body = { ...describe(request), ...(keepWord !== undefined && { keepToken: keepWord }) };
    return { ...privateJson(body, 202, { location: '/v1/me/erasure' }), counts };
  };
}

/** `GET`: how the newest one stands. */
export function createErasureStatus(deps: PrivacyPortal): KeptEndpoints {
  return {
    byPerson: async (_, { sub }) => {
      const newest = await findNewest(deps, sub);
      if (newest === undefined) throw noErasure();
      return privateJson(describe(newest));
    },
    byWord: async (_, request) => privateJson(describe(request)),
  };
}

/** `DELETE`: the account stays; 409 once it is closed. */
export function createErasureUndoing(deps: PrivacyPortal): KeptEndpoints {
  async function undo(http: HttpRequest, request: PrivacyRequest, actor: Actor) {
    const undone = await undoErasure(deps, request.requestId, actingOf(http, actor));
    if (undone.outcome !== 'undone') throw new HttpError(409, 'the account is erased already');
    return { ...privateJson(describe(undone.request)), counts: undone.counts };
  }

  return {
    byPerson: async (http, { sub, actor }) => {
      const newest = await findNewest(deps, sub);
      if (newest === undefined) throw noErasure();
      return undo(http, newest, actor);
    },
    byWord: (http, request) => undo(http, request, { type: 'person', sub: request.sub }),
  };
}

/** The same, for a person's access token and for the word that a request was answered with. */
interface KeptEndpoints {
  readonly byPerson: PersonEndpoint;
  readonly byWord: (http: HttpRequest, request: PrivacyRequest) => Promise<HttpResponse>;
}

/**
 * Of an account that is to be erased every access token is void: what is left is the word, as
 * bearer token. It is tagged with its cell, which no JWT is.
 */
export function acceptKeepWord(
  deps: PrivacyPortal,
  forPerson: (endpoint: PersonEndpoint) => HomingEndpoint,
  { byPerson, byWord }: KeptEndpoints,
): HomingEndpoint {
  const personal = forPerson(byPerson);
  const { issuer } = deps.settings;
  return async (http) => {
    const presented = readBearerToken(http, issuer);
    const cell = readCellTag(presented);
    if (cell === undefined) return personal(http);
    const home = findForeignHome(deps.cells, http, cell);
    if (home !== undefined) return { home };
    const word: KeepWord | undefined = await openKeepWord(deps, presented, http.now);
    const request = word && (await deps.privacyRequests.find(word.requestId));
    if (request === undefined) throw refuseToken(issuer, 'invalid_token', 'no word of ours');
    noteSubject(http, { sub: request.sub });
    return byWord(http, request);
  };
}

async function findNewest(deps: PrivacyPortal, sub: PrivacyRequest['sub']) {
  const requests = await deps.privacyRequests.ofPerson(sub);
  return requests.find(({ kind }) => kind === 'erasure');
}

/** RFC 9470 §3: the app leads to a sign-in with this `max_age`, and asks again. */
function requireFreshSignIn(
  { settings, freshSignInSeconds }: PrivacyPortal,
  { now }: HttpRequest,
  authTime: EpochSeconds | undefined,
): void {
  if (authTime !== undefined && now - authTime <= freshSignInSeconds) return;
  const error = 'insufficient_user_authentication';
  const challenge = `Bearer realm="${settings.issuer}", error="${error}", max_age="${freshSignInSeconds}"`;
  throw new OAuthError(error, {
    detail: 'the sign-in is too long ago',
    headers: { 'www-authenticate': challenge },
  });
}

function describe(request: PrivacyRequest) {
  const { requestId, state, erasesAt, certificateId } = request;
  return {
    ...{ requestId, state },
    requestedAt: toIsoTime(request.requestedAt),
    dueAt: toIsoTime(request.dueAt),
    ...(erasesAt !== undefined && { erasesAt: toIsoTime(erasesAt) }),
    ...(certificateId !== undefined && { certificateId }),
  };
}

function noErasure(): HttpError {
  return new HttpError(404, 'no erasure was asked for');
}
