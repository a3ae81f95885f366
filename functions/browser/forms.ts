import { hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import type { Cells } from '../core/cells.ts';
import { HttpError } from '../core/errors.ts';
import type { SecretHash } from '../core/ids.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import { addSeconds } from '../core/time.ts';
import { cellCookieName, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';
import { FIELD_LENGTHS } from '../pages/field-lengths.ts';
import { pagesUrlOf } from './cell-hosts.ts';
import { PageError } from './page-error.ts';

/** A page left open longer asks to start again. */
const FORM_LIFETIME_SECONDS = 86_400;

/** Name of the hidden field in every form. */
const FIELD = 'form';

/** What people type, by the kind that bounds it; browsers stop there, other senders are refused. */
const TYPED: Readonly<Record<string, keyof typeof FIELD_LENGTHS>> = {
  email: 'email',
  password: 'password',
  current: 'password',
  code: 'code',
};

/** What makes a form this browser's own. */
export interface FormSeal {
  readonly hidden: Readonly<Record<typeof FIELD, string>>;
  readonly cookies: ReadonlyArray<string>;
  /** Hash of the browser's cookie: names this browser without letting anybody be it. */
  readonly browser: SecretHash;
}

export interface Forms {
  /** For every page that has a form: its hidden token, and the cookie that the token is bound to. */
  seal(http: HttpRequest): Promise<FormSeal>;
  /**
   * Throws PageError 403 unless the form came from a page of ours in this very browser, and
   * HttpError 400 when a field is repeated: which of two values counts must not be guessed; 413
   * when one is longer than its input takes: nothing is to be hashed, counted or shown of that.
   */
  requireOwn(http: HttpRequest, retryUrl: string): Promise<void>;
  /** As `seal` names it; undefined for a browser that has been shown no form. */
  browserOf(http: HttpRequest): SecretHash | undefined;
}

interface FormsDeps {
  readonly sealer: Sealer;
  readonly issuer: string;
  readonly cells: Cells;
}

/**
 * Against forged requests, login CSRF included: a sealed token bound to a cookie of this browser,
 * beside `SameSite=Lax` and what the browser tells of the request's origin.
 */
export function createForms({ sealer, issuer, cells }: FormsDeps): Forms {
  const name = cellCookieName('browser', issuer, cells);
  const origin = new URL(pagesUrlOf(cells, issuer)).origin;

  function findCookie(http: HttpRequest): string | undefined {
    const value = http.cookies.get(name);
    return value !== undefined && /^[\w-]{22}$/.test(value) ? value : undefined;
  }

  return {
    async seal(http) {
      const cookie = findCookie(http) ?? randomToken();
      const browser = hashSecret(cookie);
      const expiresAt = addSeconds(http.now, FORM_LIFETIME_SECONDS);
      return {
        hidden: { [FIELD]: await sealer.seal('form', { b: browser }, expiresAt) },
        cookies: [setCookie(name, cookie, { issuer, maxAgeSeconds: FORM_LIFETIME_SECONDS })],
        browser,
      };
    },

    async requireOwn(http, retryUrl) {
      if (isFromElsewhere(http, origin)) throw forged('a form from another origin', retryUrl);
      if (http.form.findRepeated() !== undefined) throw new HttpError(400, 'a field is repeated');
      const cookie = findCookie(http);
      if (cookie === undefined) throw forged('a form without its cookie', retryUrl);
      const content = await sealer.open('form', http.form.text(FIELD), http.now);
      // Authentic when it opens, hence written by `seal`.
      const { b: browser } = (content ?? {}) as { b?: SecretHash };
      if (browser === undefined) throw forged('a form without a valid token', retryUrl);
      if (browser !== hashSecret(cookie)) throw forged("another browser's form", retryUrl);
      if (isTooLong(http)) throw new HttpError(413, 'a field is too long');
    },

    browserOf(http) {
      const cookie = findCookie(http);
      return cookie === undefined ? undefined : hashSecret(cookie);
    },
  };
}

function isTooLong({ form }: HttpRequest): boolean {
  return Object.entries(TYPED).some(([name, kind]) => form.text(name).length > FIELD_LENGTHS[kind]);
}

function forged(detail: string, retryUrl: string): PageError {
  return new PageError({
    status: 403,
    title: 'error-title.form-forged',
    text: 'error.form-forged',
    detail,
    retryUrl,
  });
}

/**
 * `Sec-Fetch-Site` where there is one (Fetch Metadata §2.3). Else `Origin`; it is `null` on our own
 * forms, because our pages send no referrer (Fetch §3.2.5).
 */
function isFromElsewhere(http: HttpRequest, own: string): boolean {
  const site = http.headers.get('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = http.headers.get('origin');
  if (origin === undefined || origin === 'null') return false;
  return origin !== own && !origin.endsWith(`//${http.host}`);
}
