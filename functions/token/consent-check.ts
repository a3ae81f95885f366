/** Whether an app may process: asked before it does. */
import { z } from 'zod';
import { requirePurpose } from '../core/consents/choosing.ts';
import { type PurposeStanding, standingOf } from '../core/consents/standing.ts';
import { isId, type Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { CheckedChoices, PrivacyChoicesStore } from '../core/ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import { toIsoTime } from '../core/time.ts';
import { requireClientToken } from '../http/access-tokens.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import type { HomeOf } from '../http/home-of.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';

interface Deps {
  readonly accessTokens: AccessTokens;
  readonly choices: Pick<PrivacyChoicesStore, 'check'>;
  readonly homeOf: Pick<HomeOf, 'unknownPerson'>;
  readonly policy: PrivacyPolicy;
  readonly issuer: string;
}

const Body = z.strictObject({
  sub: z.string().refine(isId),
  purposes: z.array(z.string().max(40)).min(1).max(50),
});

/**
 * `POST /v1/consents/check`: the client's own token with scope `consents`. One AWS call, and one hop
 * for people of other cells. Of an account that is being erased nothing may be processed, and of one
 * that is gone neither: nobody is left whose contract or interest it could rest on.
 */
export function createConsentCheck(deps: Deps): HomingEndpoint {
  return async (http) => {
    noteSubject(http, { clientId: await requireClientToken(deps, http, 'consents') });
    const { sub, purposes: ids } = readJson(http, Body);
    const purposes = [...new Set(ids)].map((id) => requirePurpose(deps.policy, id));
    const checked = await deps.choices.check(sub as Sub);
    if (!checked.isKnown) {
      const home = await deps.homeOf.unknownPerson(http, sub as Sub, checked.home);
      if (home !== undefined) return { home };
    }
    const standings = purposes.map((purpose) => standingOf(purpose, checked.choices));
    return privateJson({
      sub,
      purposes: Object.fromEntries(
        standings.map((standing) => [standing.purpose.id, answer(standing, checked)]),
      ),
    });
  };
}

/** `version` and `at` are those of the answer that counts; absent where nobody has given one. */
function answer(
  { purpose, state, isAllowed, choice }: PurposeStanding,
  { isActive }: Pick<CheckedChoices, 'isActive'>,
) {
  return {
    allowed: isAllowed && isActive,
    state,
    basis: purpose.basis,
    ...(choice !== undefined && { version: choice.version, at: toIsoTime(choice.at) }),
  };
}
