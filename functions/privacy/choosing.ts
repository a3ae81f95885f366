/** What people decide, wherever they do: REST and pages call the same. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import {
  decideChoice,
  isAgeNeeded,
  requirePurpose,
  type Shown,
  type Wish,
} from '../core/consents/choosing.ts';
import { findNextChange } from '../core/consents/daily-changes.ts';
import { decideDoNotSell } from '../core/consents/do-not-sell.ts';
import { type AgeFacts, isBirthdate } from '../core/consents/minors.ts';
import { HttpError } from '../core/errors.ts';
import type {
  ChannelChoices,
  DecideChange,
  PrivacyChoices,
} from '../core/ports/privacy-choices.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { Person } from './person.ts';

export type Choosing = Pick<PrivacyPortal, 'choices' | 'policy' | 'pages'>;

type ChoosingPurposes = Choosing & Pick<PrivacyPortal, 'ages' | 'parentalConsents'>;

/** What is chosen for one purpose; with what it takes to know how old the person is. */
export interface PurposeWish extends Wish {
  readonly purposeId: string;
  readonly age?: AgeFacts | undefined;
}

/** 429: nothing was changed, and may be from `until` on. */
export class TooManyChanges extends HttpError {
  readonly until: EpochSeconds;

  constructor(until: EpochSeconds, now: EpochSeconds) {
    const headers = { 'retry-after': String(until - now) };
    super(429, '200 changes a day: please come back later', headers);
    this.name = 'TooManyChanges';
    this.until = until;
  }
}

/** SHA-256 of the words, base64url: what secrets are hashed by serves for words as well. */
export const hashText = hashSecret;

/**
 * Grants, withdraws or objects. Who is too young has a parent asked, and asked once more, after
 * an hour, by whoever wishes again. Throws HttpError 404 or 409 (see `decideChoice`), as
 * everything here TooManyChanges.
 */
export async function chooseForPurpose(
  deps: ChoosingPurposes,
  http: HttpRequest,
  person: Person,
  { purposeId, age: told, ...wish }: PurposeWish,
  shown: Shown,
): Promise<PrivacyChoices> {
  const { policy } = deps;
  const purpose = requirePurpose(policy, purposeId);
  const age = isAgeNeeded(purpose, wish) ? await findAge(deps, http, person, told) : undefined;
  const rules = { policy, hash: hashText, age, now: http.now };
  const after = await change(deps, http, person, (standing) =>
    decideChoice(purpose, wish, shown, standing, rules),
  );
  const choice = after.choices.get(purposeId);
  if (wish.state === 'granted' && choice?.state === 'awaiting-parent') {
    const { eventId: requestId } = choice;
    await deps.parentalConsents.ask({ requestId, sub: person.sub, purposeId }, http.now);
  }
  return after;
}

/** What was told first counts. */
async function findAge(
  { ages }: ChoosingPurposes,
  http: HttpRequest,
  { sub, actor }: Person,
  told: AgeFacts | undefined,
): Promise<AgeFacts | undefined> {
  if (told === undefined) return ages.find(sub);
  if (!isBirthdate(told.birthdate, http.now)) {
    throw new HttpError(400, 'not as it should be: birthdate');
  }
  return ages.tell(sub, told, actingOf(http, actor));
}

/** Switches "do not sell or share" on or off. */
export function chooseDoNotSell(
  deps: Choosing,
  http: HttpRequest,
  person: Person,
  isOn: boolean,
  shown: Shown,
): Promise<PrivacyChoices> {
  const { policy, pages } = deps;
  const context = { policy, hash: hashText, shown, locales: pages.localesOf(http) };
  return change(deps, http, person, (standing) => decideDoNotSell(isOn, context, standing));
}

/** Replaces what is wanted of the topics that are named. Throws HttpError 404 for unknown ones. */
export function chooseTopics(
  deps: Choosing,
  http: HttpRequest,
  person: Person,
  topics: ReadonlyMap<string, ChannelChoices>,
): Promise<PrivacyChoices> {
  const known = deps.policy.topics.map(({ id }) => id);
  if (![...topics.keys()].every((id) => known.includes(id))) {
    throw new HttpError(404, 'there is no such topic');
  }
  return change(deps, http, person, () => (topics.size === 0 ? undefined : { topics }));
}

async function change(
  { choices }: Choosing,
  http: HttpRequest,
  { sub, actor }: Person,
  decide: DecideChange,
): Promise<PrivacyChoices> {
  const decideInTurn: DecideChange = (standing) => {
    const wanted = decide(standing);
    const until = wanted && findNextChange(standing, wanted, http.now);
    if (until !== undefined) throw new TooManyChanges(until, http.now);
    return wanted;
  };
  const after = await choices.change(sub, decideInTurn, actingOf(http, actor));
  if (after !== undefined) return after;
  throw new HttpError(409, 'the account is being erased, or gone');
}
