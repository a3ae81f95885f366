import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Form, Message } from '../pages/form-state.ts';
import type { View } from '../pages/view.ts';
import { type CarriedRequest, hiddenRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { findStatedCountry, hiddenCountry, regionPage } from './home-detour.ts';
import { hiddenSettledHome } from './settled-home.ts';
import { offerPurposes } from './sign-up-choices.ts';
import { findTyped } from './typed-address.ts';

/** Why the form is shown again. */
export interface SignUpRefusal {
  readonly status: number;
  readonly alert?: Message;
  readonly errors?: NonNullable<Form<'email' | 'password' | 'terms'>['errors']>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks for address and password, and says where they will be kept; without a refusal as first seen. */
export async function showSignUp(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { status = 200, alert, errors, headers }: Partial<SignUpRefusal> = {},
): Promise<HttpResponse> {
  const { forms, pages, settings } = deps;
  const seal = await forms.seal(http);
  const typed = http.form.find('email') ?? (await findTyped(deps, http));
  const terms = http.form.find('terms');
  const termsUrl = findTermsUrl(deps, carried);
  const { privacyUrl } = settings;
  const hidden = {
    ...hiddenRequest(carried),
    ...(await hiddenSettledHome(deps, http, seal.browser)),
    ...hiddenCountry(deps, http),
  };
  return pages.show(
    http,
    {
      page: 'sign-up',
      form: {
        action: '/sign-up',
        hidden: { ...seal.hidden, ...hidden },
        values: {
          email: typed ?? carried.request?.loginHint ?? '',
          ...(terms !== undefined && { terms }),
        },
        ...(errors !== undefined && { errors }),
        ...(alert !== undefined && { alert }),
      },
      signInUrl: withRequest('/sign-in', carried),
      passwordMinimumLength: settings.passwordMinimumLength,
      purposes: offerPurposes(deps, http, pages.localesOf(http, carried)),
      ...describeHome(deps, http, carried),
      ...(termsUrl !== undefined && { termsUrl }),
      ...(privacyUrl !== undefined && { privacyUrl }),
    },
    { status, visit: carried, cookies: seal.cookies, ...(headers !== undefined && { headers }) },
  );
}

/** Ours, else those of the app that the account is made for; without any, nobody is asked. */
export function findTermsUrl(
  { settings }: Interaction,
  { client }: CarriedRequest,
): string | undefined {
  return settings.termsUrl ?? client?.tosUri;
}

function describeHome(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
): Pick<Extract<View, { page: 'sign-up' }>, 'home'> {
  const { own, areSeveral } = deps.cells;
  if (!areSeveral) return {};
  const country = findStatedCountry(deps, http);
  const changeUrl = regionPage(carried, country);
  return { home: { region: own.region, changeUrl, ...(country !== undefined && { country }) } };
}
