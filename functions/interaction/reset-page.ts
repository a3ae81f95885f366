import { staying } from '../browser/staying.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Form, Message } from '../pages/form-state.ts';
import { carry, withRequest } from './carried-request.ts';
import { readResendResult } from './code-page.ts';
import type { Interaction } from './dependencies.ts';
import { hiddenFlow, type OpenFlow } from './flow.ts';
import { hiddenLink, type OpenLink } from './mailed-link.ts';

/** What lets somebody choose a new password. */
export type ResetBasis = { readonly flow: OpenFlow } | { readonly link: OpenLink<'recovery'> };

export type ResetErrors = NonNullable<Form<'code' | 'password'>['errors']>;

/** Without `errors` as it is first shown; else with what was wrong. */
export async function showReset(
  deps: Interaction,
  http: HttpRequest,
  basis: ResetBasis,
  errors?: ResetErrors,
  unavailable?: Message,
): Promise<HttpResponse> {
  const seal = await deps.forms.seal(http);
  const request = 'flow' in basis ? basis.flow.request : basis.link.content.request;
  const isOwn = 'flow' in basis || basis.link.content.browser === seal.browser;
  const carried = await carry(deps, isOwn ? request : undefined);
  const state = 'flow' in basis ? hiddenFlow(basis.flow) : hiddenLink(basis.link);
  const hidden = { ...seal.hidden, ...state };
  const resent = errors === undefined ? readResendResult(http) : {};
  const alert = unavailable ?? resent.alert;
  return deps.pages.show(
    http,
    {
      page: 'reset',
      form: {
        action: '/recover/reset',
        hidden,
        errors: errors ?? {},
        ...(alert !== undefined && { alert }),
        ...(resent.notice !== undefined && { notice: resent.notice }),
      },
      asksCode: 'flow' in basis,
      email: 'flow' in basis ? basis.flow.email : basis.link.content.email,
      ...('flow' in basis && { resend: { action: '/recover/resend', hidden } }),
      passwordMinimumLength: deps.settings.passwordMinimumLength,
      signInUrl: staying(deps.cells, withRequest('/sign-in', carried)),
    },
    { status: errors === undefined ? 200 : 400, visit: carried, cookies: seal.cookies },
  );
}
