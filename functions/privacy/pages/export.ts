/** `/account/privacy/export`: asks for a copy of one's own data, and tells how far it is. */
import { signInAndComeBack } from '../../browser/after-sign-in.ts';
import { orShowAgain } from '../../browser/page-error.ts';
import { seeOther } from '../../browser/pages.ts';
import { retryAfter } from '../../browser/waiting-time.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { actingOf } from '../../http/acting.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../../http/message.ts';
import type { Message } from '../../pages/form-state.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { askForExport } from '../export.ts';
import { findCopy } from './copy-state.ts';
import { forSignedIn, PRIVACY_PAGE, type SignedIn } from './signed-in.ts';

const EXPORT_PAGE = `${PRIVACY_PAGE}/export`;

interface Refusal {
  readonly status: number;
  readonly alert: Message;
  readonly headers?: Readonly<Record<string, string>>;
}

const UNAVAILABLE: Refusal = { status: 503, alert: { key: 'error.unavailable' } };

export function createExportAskingPage(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, EXPORT_PAGE, (http, signedIn) => showExport(deps, http, signedIn));
}

/** POST; one that is being collected already is the answer to another wish. */
export function createExportAsking(deps: PrivacyPortal): Endpoint {
  const where = { issuer: deps.settings.issuer, cells: deps.cells };
  return forSignedIn(deps, EXPORT_PAGE, (http, signedIn) =>
    orShowAgain(
      async () => {
        const withCredentials = http.form.find('credentials') === 'included';
        const acting = actingOf(http, signedIn.actor);
        const asked = await askForExport(deps, signedIn.sub, { withCredentials, acting });
        if (asked.outcome === 'refused') return signInAndComeBack(where, EXPORT_PAGE);
        if (asked.outcome !== 'too-many') return seeOther(EXPORT_PAGE);
        return showExport(deps, http, signedIn, tooMany(deps, http, asked.until));
      },
      () => showExport(deps, http, signedIn, UNAVAILABLE),
    ),
  );
}

function tooMany({ pages }: PrivacyPortal, http: HttpRequest, until: EpochSeconds): Refusal {
  const time = pages.formatTime(http, until);
  return {
    status: 429,
    alert: { key: 'error.export-too-many', values: { time } },
    headers: retryAfter(until, http.now),
  };
}

async function showExport(
  deps: PrivacyPortal,
  http: HttpRequest,
  { sub }: SignedIn,
  { status = 200, alert, headers = {} }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const [copy, seal] = await Promise.all([findCopy(deps, http, sub), deps.forms.seal(http)]);
  const { hidden, cookies } = seal;
  return deps.pages.show(
    http,
    {
      page: 'privacy-export',
      form: { action: EXPORT_PAGE, hidden, ...(alert !== undefined && { alert }) },
      ...(copy !== undefined && { copy }),
      reloadUrl: EXPORT_PAGE,
      backUrl: PRIVACY_PAGE,
    },
    { status, cookies, headers },
  );
}
