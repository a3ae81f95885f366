/** Taking somebody in whom another cell has handed over: once, in the browser that it was given to. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { PageError } from '../browser/page-error.ts';
import { readTaggedBy } from '../core/cells.ts';
import { type HandOver, judgeHandOver } from '../core/hand-over.ts';
import type { Endpoint, HttpRequest } from '../http/message.ts';
import { carry, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { arrive, findSecret, HAND_OVER_FIELD } from './hand-over.ts';

/** GET; one write. What cannot be taken in is told how to begin again, with the request if known. */
export function createHandOverLanding(deps: Interaction): Endpoint {
  const { issuer } = deps.settings;
  return async (http) => {
    const handOver = await openHandOver(deps, http);
    const carried = await carry(deps, handOver.request);
    const { page, email, country } = handOver;
    const beginAgainUrl = withRequest(`/${page}`, carried);
    const secret = findSecret(http, issuer);
    const verdict = judgeHandOver(handOver, {
      own: deps.cells.own.name,
      browser: secret === undefined ? undefined : hashSecret(secret),
      now: http.now,
    });
    if (verdict !== 'sound') throw handOverEnded(verdict, beginAgainUrl);
    const isFirst = await deps.handOvers.consume(handOver.id, handOver.expiresAt);
    if (!isFirst) throw handOverEnded('replayed', beginAgainUrl);
    return arrive(deps, http, {
      page,
      carried,
      ...(email !== undefined && { email }),
      ...(country !== undefined && { country }),
    });
  };
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
