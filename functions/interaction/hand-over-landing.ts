/** Taking somebody in whom another cell has handed over: once, in the browser that it was given to. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { PageError } from '../browser/page-error.ts';
import { readTaggedBy } from '../core/cells.ts';
import { OAuthError } from '../core/errors.ts';
import { type HandOver, judgeHandOver } from '../core/hand-over.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import { authorize, toResponseError } from './authorization.ts';
import { respondWithError } from './authorization-response.ts';
import { type CarriedRequest, carry } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { arrive, beginningOf, findSecret, HAND_OVER_FIELD } from './hand-over.ts';

/** GET; one write. What cannot be taken in is told how to begin again, with the request if known. */
export function createHandOverLanding(deps: Interaction): Endpoint {
  return async (http) => {
    const handOver = await openHandOver(deps, http);
    const carried = await carry(deps, handOver.request);
    const { page, email, country } = handOver;
    if (page === 'authorize') return answerRequest(deps, http, handOver, carried);
    await take(deps, http, handOver, carried);
    return arrive(deps, http, {
      page,
      carried,
      ...(email !== undefined && { email }),
      ...(country !== undefined && { country }),
    });
  };
}

/** As the authorization endpoint would have done here. On `prompt=none` only the app is told. */
async function answerRequest(
  deps: Interaction,
  http: HttpRequest,
  handOver: HandOver,
  carried: CarriedRequest,
): Promise<HttpResponse> {
  const { request, client } = carried;
  if (request === undefined || client === undefined) throw handOverEnded('no request', '/account');
  const asked = { request, client };
  const isSilent = request.prompt.includes('none');
  try {
    await take(deps, http, handOver, carried);
    return await authorize(deps, http, asked, { isHandedOver: true });
  } catch (error) {
    // Nobody is known to be signed in to a browser that does not bring its own hand-over.
    const known =
      isSilent && error instanceof PageError
        ? new OAuthError('login_required', { detail: error.detail, cause: error })
        : error;
    return respondWithError(deps, http, asked, toResponseError(known, isSilent));
  }
}

/** Throws PageError when it is late, another browser's or was taken before. */
async function take(
  { cells, handOvers, settings }: Interaction,
  http: HttpRequest,
  handOver: HandOver,
  carried: CarriedRequest,
): Promise<void> {
  const secret = findSecret(http, settings.issuer);
  const beginAgainUrl = beginningOf(handOver.page, carried);
  const verdict = judgeHandOver(handOver, {
    own: cells.own.name,
    browser: secret === undefined ? undefined : hashSecret(secret),
    now: http.now,
  });
  if (verdict !== 'sound') throw handOverEnded(verdict, beginAgainUrl);
  const isFirst = await handOvers.consume(handOver.id, handOver.expiresAt);
  if (!isFirst) throw handOverEnded('replayed', beginAgainUrl);
}

/** Throws PageError for anything that no cell of ours has sealed for this one. */
async function openHandOver(deps: Interaction, http: HttpRequest): Promise<HandOver> {
  const opaque = readTaggedBy(deps.cells.own.name, http.query.text(HAND_OVER_FIELD)) ?? '';
  const content = await deps.sealer.open('hand-over', opaque, http.now);
  if (content === undefined) throw handOverEnded('stale or forged', '/account');
  // Authentic, hence written by `handOver`.
  return content as HandOver;
}

function handOverEnded(reason: string, retryUrl: string): PageError {
  return new PageError({
    title: 'error-title.hand-over',
    text: 'error.hand-over',
    detail: `hand-over: ${reason}`,
    retryUrl,
  });
}
