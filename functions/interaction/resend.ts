/** A new code for a sign-up or a recovery, within limits. Earlier codes and links stop working. */
import { randomToken } from '../adapters/crypto/hash.ts';
import { orShowAgain, pageExpired } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import type { MailPurpose } from '../core/challenge.ts';
import type { MailId } from '../core/ids.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import { mailChallenge, newCode } from './challenge-mails.ts';
import type { Interaction } from './dependencies.ts';
import { flowPage, type OpenFlow, openFlow } from './flow.ts';
import { START_PAGE } from './flow-pages.ts';
import { showReset } from './reset-page.ts';
import { showVerify } from './verify.ts';

/** POST; answers by redirect to the page that asks for the code, which says how it went. */
export function createResend(deps: Interaction, kind: MailPurpose): Endpoint {
  return async (http) => {
    const flow = await openFlow(deps, http, kind);
    await deps.forms.requireOwn(http, flowPage(flow));
    return orShowAgain(
      async () => seeOther(flowPage(flow, await resend(deps, http, flow))),
      () => showUnavailable(deps, http, flow),
    );
  };
}

function showUnavailable(
  deps: Interaction,
  http: HttpRequest,
  flow: OpenFlow,
): Promise<HttpResponse> {
  const alert = { key: 'error.unavailable' } as const;
  return flow.kind === 'sign-up'
    ? showVerify(deps, http, flow, { alert })
    : showReset(deps, http, { flow }, {}, alert);
}

/** What the page shall say; numbers only, since anybody can write an address line. */
async function resend(
  deps: Interaction,
  http: HttpRequest,
  { challengeId, email, kind: purpose }: OpenFlow,
): Promise<Readonly<Record<string, string>>> {
  const { sourceAddress: source, now } = http;
  const start = START_PAGE[purpose];
  const found = await deps.challenges.find(challengeId, now);
  if (found === undefined) throw pageExpired('the challenge is gone', start);
  const { content } = found;
  const mailId = randomToken() as MailId;
  const code = newCode(content.kind);
  const mailing = { email, purpose, mailId, code, source, now };
  const renewing = await deps.challenges.renew({ challengeId, ...mailing });
  switch (renewing.outcome) {
    case 'gone':
      throw pageExpired('the challenge is gone', start);
    case 'too-soon':
      return { wait: String(Math.max(1, renewing.until - now)) };
    case 'too-many-mails':
      return { pause: String(Math.max(1, Math.ceil((renewing.until - now) / 60))) };
    case 'opened':
      await mailChallenge(deps, http, { challengeId, email, content, mailId, code });
      return { sent: '1' };
  }
}
