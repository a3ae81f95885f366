/**
 * `POST /v1/admin/privacy/people/{sub}/consents`: what somebody has said by telephone or in a letter,
 * to whoever enters it for them (GDPR Art. 7(1), 7(3), 21).
 */
import * as z from 'zod/mini';
import { hashSecret } from '../adapters/crypto/hash.ts';
import { decideChoice, isAgeNeeded, requirePurpose } from '../core/consents/choosing.ts';
import { standingOf } from '../core/consents/standing.ts';
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { PrivacyChange } from '../core/ports/privacy-choices.ts';
import { toIsoTime } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import { privateJson } from '../http/json-response.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { REASON, readReasoned } from './input.ts';
import { atHome, type OperatorEndpoint, readId } from './operator.ts';

/** As the person's own; version and hash of the words that were read out or sent to them. */
const SAID = z.strictObject({
  purposeId: z.string().check(z.maxLength(40)),
  state: z.enum(['granted', 'withdrawn', 'objected']),
  version: z.optional(z.string().check(z.maxLength(64))),
  textHash: z.optional(z.string().check(z.maxLength(64))),
  language: z.string().check(z.maxLength(35)),
  reason: REASON,
});

const SHOWN = { page: 'api', method: 'administrator' } as const;

/** 200 with where the person stands then. By the same rules as their own choices: 404, or 409. */
export function createConsentOnBehalf(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const sub = readId(http, 'sub') as Sub;
    const { purposeId, reason, ...wish } = readReasoned(http, SAID);
    const { policy } = deps;
    const purpose = requirePurpose(policy, purposeId);
    return atHome(deps, http, sub, async () => {
      const age = isAgeNeeded(purpose, wish) ? await deps.ages.find(sub) : undefined;
      const rules = { policy, hash: hashSecret, age, now: http.now };
      const after = await deps.choices.change(
        sub,
        (standing) => refuseMinors(decideChoice(purpose, wish, SHOWN, standing, rules)),
        actingOf(http, actor, reason),
      );
      if (after === undefined) throw new HttpError(409, 'the account is being erased, or gone');
      const { state, isAllowed, choice } = standingOf(purpose, after);
      return privateJson({
        ...{ purposeId, state, isAllowed },
        ...(choice !== undefined && { version: choice.version, since: toIsoTime(choice.at) }),
      });
    });
  };
}

/** A parent is asked when the child wishes so, not by whoever says that they do. Throws 409. */
function refuseMinors(change: PrivacyChange | undefined): PrivacyChange | undefined {
  if (change?.choices?.some(({ state }) => state === 'awaiting-parent') === true) {
    throw new HttpError(409, 'too young to agree alone: the person has to ask for it themselves');
  }
  return change;
}
