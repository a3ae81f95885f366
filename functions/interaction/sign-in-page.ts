import { choosing, hiddenStaying } from '../browser/staying.ts';
import type { CountedEvent } from '../environment.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Form, Message } from '../pages/form-state.ts';
import { type CarriedRequest, hiddenRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';

/** Why the form is shown again. */
export interface SignInRefusal {
  readonly status: number;
  readonly alert?: Message;
  readonly errors?: NonNullable<Form<'email' | 'password'>['errors']>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly counts?: ReadonlyArray<CountedEvent>;
}

/** Asks for address and password; without a refusal as it is first seen. */
export async function showSignIn(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  email: string,
  { status = 200, alert, errors, headers, counts }: Partial<SignInRefusal> = {},
): Promise<HttpResponse> {
  const { cells, forms, pages, settings } = deps;
  const seal = await forms.seal(http);
  return pages.show(
    http,
    {
      page: 'sign-in',
      form: {
        action: '/sign-in',
        hidden: { ...seal.hidden, ...hiddenRequest(carried), ...hiddenStaying(cells) },
        values: { email },
        ...(errors !== undefined && { errors }),
        ...(alert !== undefined && { alert }),
      },
      ...(settings.selfRegistration && { signUpUrl: withRequest('/sign-up', carried) }),
      recoverUrl: withRequest('/recover', carried),
      ...(cells.areSeveral && { otherAccountUrl: choosing(withRequest('/sign-in', carried)) }),
    },
    {
      status,
      visit: carried,
      cookies: seal.cookies,
      ...(headers !== undefined && { headers }),
      ...(counts !== undefined && { counts }),
    },
  );
}
