/** `POST /v1/admin/privacy/people/{sub}/parental-consents`: what a parent answered (GDPR Art. 8). */
import * as z from 'zod/mini';
import { decideParentalAnswer } from '../core/consents/parental-answer.ts';
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import { actingOf } from '../http/acting.ts';
import { readJson } from '../http/json-body.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { atHome, type OperatorEndpoint, readId } from './operator.ts';

/** `requestId` is that of the event `ParentalConsentRequested`. */
const ANSWER = z.strictObject({
  purposeId: z.string().check(z.maxLength(40)),
  requestId: z.string().check(z.maxLength(64)),
  answer: z.enum(['granted', 'refused']),
});

/** 204. 409 when the child has withdrawn meanwhile, or a parent has answered before. */
export function createParentalAnswer(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const sub = readId(http, 'sub') as Sub;
    const { purposeId, requestId, answer } = readJson(http, ANSWER);
    const given = { purposeId, requestId, isGranted: answer === 'granted' };
    return atHome(deps, http, sub, async () => {
      const after = await deps.choices.change(
        sub,
        (standing) => decideParentalAnswer(given, standing),
        actingOf(http, actor),
      );
      if (after === undefined) throw new HttpError(404, 'there is no such account');
      return { status: 204 };
    });
  };
}
