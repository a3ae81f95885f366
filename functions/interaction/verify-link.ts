/** Confirmation by the mail's link. */
import { orShowAgain } from '../browser/page-error.ts';
import { normalisePassword } from '../core/password-policy.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { carry } from './carried-request.ts';
import { describeTrial } from './code-page.ts';
import type { Interaction } from './dependencies.ts';
import { hiddenLink, type OpenLink, openLink } from './mailed-link.ts';
import { orGiveBack } from './matched-try.ts';
import { register } from './registration.ts';

type SignUpLink = OpenLink<'sign-up'>;

export function createVerifyLinkPage(deps: Interaction): Endpoint {
  return async (http) => showLink(deps, http, await openLink(deps, http, 'sign-up'));
}

export function createVerifyLink(deps: Interaction): Endpoint {
  return async (http) => {
    const link = await openLink(deps, http, 'sign-up');
    await deps.forms.requireOwn(http, '/sign-in');
    return orShowAgain(
      () => confirmLink(deps, http, link),
      () => showLink(deps, http, link, { alert: { key: 'error.unavailable' } }),
    );
  };
}

/**
 * The browser that signed up has only to confirm. Any other gives the password chosen there: else
 * somebody who signed up with a stranger's address would own the account that the stranger
 * confirms (pre-hijacking).
 */
async function confirmLink(
  deps: Interaction,
  http: HttpRequest,
  link: SignUpLink,
): Promise<HttpResponse> {
  const { challengeId, content } = link;
  if (isOtherBrowser(deps, http, link)) {
    const password = http.form.text('password');
    if (password === '') return showLink(deps, http, link, { error: { key: 'error.required' } });
    const trial = await deps.challenges.tryOwner(
      challengeId,
      () => deps.passwords.verify(normalisePassword(password), content.passwordHash),
      http.now,
    );
    if (trial.outcome !== 'matched') {
      const error: Message =
        trial.outcome === 'wrong' ? { key: 'error.credentials' } : describeTrial(trial);
      return showLink(deps, http, link, { error });
    }
    const tried = { challengeId };
    return orGiveBack(deps.challenges, tried, () => register(deps, http, challengeId, content));
  }
  return register(deps, http, challengeId, content);
}

function isOtherBrowser(deps: Interaction, http: HttpRequest, { content }: SignUpLink): boolean {
  return content.browser !== deps.forms.browserOf(http);
}

async function showLink(
  deps: Interaction,
  http: HttpRequest,
  link: SignUpLink,
  shown?: { readonly error?: Message; readonly alert?: Message },
): Promise<HttpResponse> {
  const asksPassword = isOtherBrowser(deps, http, link);
  const [seal, carried] = await Promise.all([
    deps.forms.seal(http),
    carry(deps, asksPassword ? undefined : link.content.request),
  ]);
  return deps.pages.show(
    http,
    {
      page: 'verify-link',
      form: {
        action: '/verify',
        hidden: { ...seal.hidden, ...hiddenLink(link) },
        ...(shown?.error !== undefined && { errors: { password: shown.error } }),
        ...(shown?.alert !== undefined && { alert: shown.alert }),
      },
      asksPassword,
      email: link.content.email,
    },
    { status: shown === undefined ? 200 : 400, visit: carried, cookies: seal.cookies },
  );
}
