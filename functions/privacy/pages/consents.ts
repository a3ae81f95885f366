/** `POST /account/privacy/consents`: one answer to one purpose (GDPR Art. 7, 8, 21). */
import { seeOther } from '../../browser/pages.ts';
import { isAgeNeeded, requirePurpose, type WishedState } from '../../core/consents/choosing.ts';
import { type AgeFacts, isBirthdate } from '../../core/consents/minors.ts';
import { wordsInForce } from '../../core/consents/words.ts';
import { COUNTRIES } from '../../core/countries.ts';
import { HttpError } from '../../core/errors.ts';
import type { Purpose } from '../../core/privacy-policy.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../../http/message.ts';
import type { PrivacyView } from '../../pages/privacy-views.ts';
import { chooseForPurpose, type PurposeWish } from '../choosing.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { SHOWN } from './choices.ts';
import { afterDoing, orTooMany, showPrivacy } from './overview.ts';
import { forSignedIn, PRIVACY_PAGE, type SignedIn } from './signed-in.ts';

const ACTION = `${PRIVACY_PAGE}/consents`;

type AgeForm = Extract<PrivacyView, { page: 'privacy-age' }>['form'];

/** POST `answer=<state> <purposeId>`, with the words that stood beside it. */
export function createConsentForm(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, PRIVACY_PAGE, async (http, signedIn) => {
    const wish = readWish(http);
    const purpose = requirePurpose(deps.policy, wish.purposeId);
    const needsAge =
      isAgeNeeded(purpose, wish) && (await deps.ages.find(signedIn.sub)) === undefined;
    if (!needsAge) return save(deps, http, signedIn, wish);
    const errors = findAgeErrors(http);
    if (errors === undefined) return showAge(deps, http, purpose);
    if (Object.keys(errors).length > 0) return showAge(deps, http, purpose, errors);
    return save(deps, http, signedIn, { ...wish, age: readAge(http) });
  });
}

function save(
  deps: PrivacyPortal,
  http: HttpRequest,
  signedIn: SignedIn,
  wish: PurposeWish,
): Promise<HttpResponse> {
  return orTooMany(deps, http, signedIn, 'purposes', () => choose(deps, http, signedIn, wish));
}

async function choose(
  deps: PrivacyPortal,
  http: HttpRequest,
  signedIn: SignedIn,
  wish: PurposeWish,
): Promise<HttpResponse> {
  try {
    const { choices } = await chooseForPurpose(deps, http, signedIn, wish, SHOWN);
    const isWaiting = choices.get(wish.purposeId)?.state === 'awaiting-parent';
    return seeOther(afterDoing(isWaiting ? 'parent-is-asked' : 'purposes'));
  } catch (error) {
    if (!(error instanceof HttpError && error.status === 409)) throw error;
    // The words, or what else stands, are not what the page showed.
    const message = { key: 'error.choice-outdated' } as const;
    return showPrivacy(deps, http, signedIn, { status: 409, section: 'purposes', message });
  }
}

function readWish({ form }: HttpRequest): PurposeWish {
  const [state = '', purposeId = ''] = form.text('answer').split(' ');
  if (!isWished(state)) throw new HttpError(400, 'not as it should be: answer');
  const [language = '', textHash, version] = form.text(`shown-${purposeId}`).split(' ');
  return { purposeId, state, language, textHash, version };
}

function isWished(state: string): state is WishedState {
  return state === 'granted' || state === 'withdrawn' || state === 'objected';
}

/** Undefined before anybody was asked. */
function findAgeErrors(http: HttpRequest): AgeForm['errors'] {
  const { form, now } = http;
  // An empty field counts as asked: `find` would not tell it from none.
  if (!form.names().includes('birthdate')) return undefined;
  const { birthdate, country } = readAge(http);
  return {
    ...(!isBirthdate(birthdate, now) && { birthdate: { key: 'error.birthdate' } as const }),
    ...(!COUNTRIES.includes(country) && { country: { key: 'error.choose-country' } as const }),
  };
}

function readAge({ form }: HttpRequest): AgeFacts {
  return { birthdate: form.text('birthdate'), country: form.text('country') };
}

/** The answer waits on the page, with the words that it was given to. */
async function showAge(
  deps: PrivacyPortal,
  http: HttpRequest,
  purpose: Purpose,
  errors?: AgeForm['errors'],
): Promise<HttpResponse> {
  const seal = await deps.forms.seal(http);
  const shown = `shown-${purpose.id}`;
  const { title, language } = wordsInForce(purpose, deps.pages.localesOf(http));
  const hidden = {
    ...seal.hidden,
    answer: `granted ${purpose.id}`,
    [shown]: http.form.text(shown),
  };
  const view: PrivacyView = {
    page: 'privacy-age',
    form: { action: ACTION, hidden, values: readAge(http), ...(errors && { errors }) },
    purpose: { title, language },
    countries: COUNTRIES,
    backUrl: PRIVACY_PAGE,
  };
  const status = errors === undefined ? 200 : 400;
  return deps.pages.show(http, view, { status, cookies: seal.cookies });
}
