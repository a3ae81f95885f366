/** Confirmation of an address after sign-up: by code where it began, by link anywhere. */
import { orShowAgain } from '../browser/page-error.ts';
import { InvariantError } from '../core/errors.ts';
import { normaliseOneTimeCode } from '../core/one-time-code.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { carry, withRequest } from './carried-request.ts';
import { describeTrial, readResendResult } from './code-page.ts';
import type { Interaction } from './dependencies.ts';
import { flowPage, hiddenFlow, type OpenFlow, openFlow } from './flow.ts';
import { isLinkPresent } from './mailed-link.ts';
import { orGiveBack } from './matched-try.ts';
import { register } from './registration.ts';
import { createVerifyLink, createVerifyLinkPage } from './verify-link.ts';

/** GET, with the state of a sign-up or with a mail's link. Consumes nothing. */
export function createVerifyPage(deps: Interaction): Endpoint {
  const showLink = createVerifyLinkPage(deps);
  return async (http) => {
    if (isLinkPresent(http)) return showLink(http);
    return showVerify(deps, http, await openFlow(deps, http, 'sign-up'));
  };
}

export function createVerify(deps: Interaction): Endpoint {
  const confirmLink = createVerifyLink(deps);
  return async (http) => {
    if (isLinkPresent(http)) return confirmLink(http);
    const flow = await openFlow(deps, http, 'sign-up');
    await deps.forms.requireOwn(http, flowPage(flow));
    return orShowAgain(
      () => confirmCode(deps, http, flow),
      () => showVerify(deps, http, flow, { alert: { key: 'error.unavailable' } }),
    );
  };
}

async function confirmCode(
  deps: Interaction,
  http: HttpRequest,
  flow: OpenFlow,
): Promise<HttpResponse> {
  const code = normaliseOneTimeCode(http.form.text('code'));
  // What cannot be a code costs no try.
  if (code === undefined) {
    return showVerify(deps, http, flow, { error: { key: 'error.code-malformed' } });
  }
  const { challengeId, email } = flow;
  const { current: identifier } = await deps.directory.hash('email', email);
  const tried = { challengeId, identifier };
  const trial = await deps.challenges.tryCode(tried, code, http.now);
  if (trial.outcome !== 'matched') {
    return showVerify(deps, http, flow, { error: describeTrial(trial) });
  }
  const { content } = trial;
  if (content.kind !== 'sign-up') throw new InvariantError('a code fitted a decoy');
  return orGiveBack(deps.challenges, tried, () => register(deps, http, challengeId, content));
}

interface Shown {
  readonly error?: Message;
  readonly alert?: Message;
  readonly notice?: Message;
}

/** Without `shown` as it is first seen; else with what was wrong. */
export async function showVerify(
  deps: Interaction,
  http: HttpRequest,
  flow: OpenFlow,
  shown?: Shown,
): Promise<HttpResponse> {
  const [seal, carried] = await Promise.all([deps.forms.seal(http), carry(deps, flow.request)]);
  const { error, alert, notice }: Shown = shown ?? readResendResult(http);
  const hidden = { ...seal.hidden, ...hiddenFlow(flow) };
  return deps.pages.show(
    http,
    {
      page: 'verify',
      form: {
        action: '/verify',
        hidden,
        ...(error !== undefined && { errors: { code: error } }),
        ...(alert !== undefined && { alert }),
        ...(notice !== undefined && { notice }),
      },
      resend: { action: '/verify/resend', hidden },
      email: flow.email,
      signUpUrl: withRequest('/sign-up', carried),
    },
    { status: shown === undefined ? 200 : 400, visit: carried, cookies: seal.cookies },
  );
}
