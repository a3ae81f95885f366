/** Whether an app may process: asked before it does. */
import * as z from 'zod/mini';
import { requirePurpose } from '../core/consents/choosing.ts';
import { type PurposeStanding, standingOf } from '../core/consents/standing.ts';
import { isWanted, requireTopicChannel, type TopicChannel } from '../core/consents/topics.ts';
import { isId, type Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { CheckedChoices, PrivacyChoicesStore } from '../core/ports/privacy-choices.ts';
import type { PrivacyPolicy, Purpose } from '../core/privacy-policy.ts';
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

const MAX_ASKED = 50;

const TopicAsked = z.strictObject({
  topicId: z.string().check(z.maxLength(40)),
  channel: z.string().check(z.maxLength(40)),
});

const Body = z
  .strictObject({
    sub: z.string().check(z.refine(isId)),
    purposes: z.optional(
      z.array(z.string().check(z.maxLength(40))).check(z.minLength(1), z.maxLength(MAX_ASKED)),
    ),
    topics: z.optional(z.array(TopicAsked).check(z.minLength(1), z.maxLength(MAX_ASKED))),
  })
  .check(z.refine(({ purposes, topics }) => purposes !== undefined || topics !== undefined));

/**
 * `POST /v1/consents/check`: the client's own token with scope `consents`. One AWS call, and one hop
 * for people of other cells. Answers what is asked: purposes, topics by channel, or both. Of an account that is being erased nothing may be processed, and of one
 * that is gone neither: nobody is left whose contract or interest it could rest on.
 */
export function createConsentCheck(deps: Deps): HomingEndpoint {
  return async (http) => {
    noteSubject(http, { clientId: await requireClientToken(deps, http, 'consents') });
    const { sub, ...asked } = readJson(http, Body);
    const purposes = asked.purposes && [...new Set(asked.purposes)];
    const wanted: Wanted = {
      purposes: purposes?.map((id) => requirePurpose(deps.policy, id)),
      topics: asked.topics?.map((topic) => requireTopicChannel(deps.policy, topic)),
    };
    const checked = await deps.choices.check(sub as Sub);
    if (!checked.isKnown) {
      const home = await deps.homeOf.unknownPerson(http, sub as Sub, checked.home);
      if (home !== undefined) return { home };
    }
    return privateJson({ sub, ...answerAll(wanted, checked) });
  };
}

/** What is asked about; none of what is not. */
interface Wanted {
  readonly purposes: ReadonlyArray<Purpose> | undefined;
  readonly topics: ReadonlyArray<TopicChannel> | undefined;
}

function answerAll({ purposes, topics }: Wanted, checked: CheckedChoices) {
  const { choices, isActive } = checked;
  const standings = purposes?.map((purpose) => standingOf(purpose, choices));
  return {
    ...(standings !== undefined && {
      purposes: Object.fromEntries(
        standings.map((standing) => [standing.purpose.id, answer(standing, checked)]),
      ),
    }),
    ...(topics !== undefined && {
      topics: topics.map((one) => ({ ...one, wanted: isActive && isWanted(choices, one) })),
    }),
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
