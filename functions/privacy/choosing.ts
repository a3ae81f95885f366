/** What people decide, wherever they do: REST and pages call the same. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { decideChoice, requirePurpose, type Shown, type Wish } from '../core/consents/choosing.ts';
import { decideDoNotSell } from '../core/consents/do-not-sell.ts';
import { HttpError } from '../core/errors.ts';
import type {
  ChannelChoices,
  DecideChange,
  PrivacyChoices,
} from '../core/ports/privacy-choices.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { Person } from './person.ts';

export type Choosing = Pick<PrivacyPortal, 'choices' | 'policy' | 'pages'>;

/** SHA-256 of the words, base64url: what secrets are hashed by serves for words as well. */
export const hashText = hashSecret;

/** Grants, withdraws or objects. Throws HttpError 404 or 409; see `decideChoice`. */
export function chooseForPurpose(
  deps: Choosing,
  http: HttpRequest,
  person: Person,
  { purposeId, ...wish }: Wish & { readonly purposeId: string },
  shown: Shown,
): Promise<PrivacyChoices> {
  const { policy } = deps;
  const purpose = requirePurpose(policy, purposeId);
  return change(deps, http, person, (standing) =>
    decideChoice(purpose, wish, shown, standing, { policy, hash: hashText, now: http.now }),
  );
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
  const after = await choices.change(sub, decide, actingOf(http, actor));
  if (after !== undefined) return after;
  throw new HttpError(409, 'the account is being erased, or gone');
}
