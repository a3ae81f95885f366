/** `/account/privacy/receipts/{eventId}`: one choice to read, and as a signed file. */
import { receiptClaims } from '../../core/consents/receipt.ts';
import { findShownWords } from '../../core/consents/words.ts';
import { HttpError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import { toIsoTime } from '../../core/time.ts';
import type { Endpoint, HttpRequest } from '../../http/message.ts';
import { hashText } from '../choosing.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { choiceRow } from './choice-rows.ts';
import { HISTORY_PAGE } from './history.ts';
import { forSignedIn, PRIVACY_PAGE } from './signed-in.ts';

export function createReceiptPage(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, pathOf, async (http, { sub }) => {
    const choice = await requireChoice(deps, http, sub);
    const { purposeId, version, textHash, page, eventId } = choice;
    const purpose = deps.policy.purposes.find(({ id }) => id === purposeId);
    const words = findShownWords(purpose, choice, hashText);
    return deps.pages.show(http, {
      page: 'privacy-receipt',
      entry: choiceRow(choice, deps.policy, deps.pages.localesOf(http)),
      ...{ version, textHash, eventId },
      shownOn: page,
      ...(words !== undefined && { words }),
      controller: deps.policy.controller.name,
      fileUrl: `${pathOf(http)}/file`,
      backUrl: HISTORY_PAGE,
    });
  });
}

/** `GET …/file`: a JWS that anybody can check by `/.well-known/evidence-jwks.json`. */
export function createReceiptFile(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, pathOf, async (http, { sub }) => {
    const choice = await requireChoice(deps, http, sub);
    const { policy, settings, evidence } = deps;
    const claims = receiptClaims(choice, { policy, issuer: settings.issuer, sub, hash: hashText });
    const name = `${toIsoTime(choice.at).slice(0, 10)}-receipt-${choice.purposeId}.jwt`;
    return {
      status: 200,
      headers: {
        'content-type': 'application/jwt',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      body: await evidence.sign('consent-receipt+jwt', claims),
    };
  });
}

/** Of this person: another's is as unknown as one that never was. Throws HttpError 404. */
async function requireChoice({ choices }: PrivacyPortal, http: HttpRequest, sub: Sub) {
  const event = await choices.findEvent(sub, eventIdOf(http));
  if (event?.kind !== 'choice') throw new HttpError(404, 'there is no such receipt');
  return event;
}

function pathOf(http: HttpRequest): string {
  return `${PRIVACY_PAGE}/receipts/${eventIdOf(http)}`;
}

function eventIdOf({ pathParameters }: HttpRequest): string {
  return pathParameters?.['eventId'] ?? '';
}
