import * as z from 'zod/mini';
import { randomToken } from '../adapters/crypto/hash.ts';
import { findChosenLanguage, rememberLanguage } from '../browser/language-choice.ts';
import { pageUrlOf } from '../browser/page-url.ts';
import { parseAcceptLanguage } from '../core/accept-language.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import {
  renderCertificate,
  type ShownCertificate,
} from '../pages/certificate/certificate-page.tsx';
import { pageHeaders } from '../pages/security-headers.ts';
import type { PrivacyAdmin } from './dependencies.ts';

const TIME = z.iso.datetime();

/** Of any year: later ones may say more. */
const CLAIMS = z.object({
  sub: z.string(),
  erasure: z.object({
    requestedAt: TIME,
    requestedBy: z.enum(['person', 'administrator']),
    closedAt: TIME,
    deleted: z.object({
      region: z.string(),
      table: z.string(),
      items: z.record(z.string(), z.number()),
      completedAt: TIME,
    }),
    key: z.object({ destroyedAt: TIME, unreadableFrom: TIME }),
    directory: z.object({ hashOfAddressKeptUntil: TIME }),
    processors: z.array(
      z.object({
        name: z.string(),
        country: z.string(),
        acknowledgedAt: z.optional(TIME),
        overdueSince: z.optional(TIME),
      }),
    ),
    kept: z.array(z.object({ what: z.string(), why: z.string() })),
  }),
});

interface Published extends Omit<ShownCertificate, 'claims'> {
  readonly claims: unknown;
}

/** For people, in the language that every page would speak. Undefined for claims of another shape. */
export function showCertificate(
  { settings, cells }: Pick<PrivacyAdmin, 'settings' | 'cells'>,
  http: HttpRequest,
  { claims, ...published }: Published,
): HttpResponse | undefined {
  const read = z.safeParse(CLAIMS, claims);
  if (!read.success) return undefined;
  const deployment = { issuer: settings.issuer, cells };
  const chosen = findChosenLanguage(http, deployment);
  const nonce = randomToken();
  const context = {
    locales: [
      ...(chosen === undefined ? [] : [chosen]),
      ...parseAcceptLanguage(http.headers.get('accept-language') ?? ''),
      settings.defaultLanguage,
    ],
    productName: settings.productName,
    pageUrl: pageUrlOf(http),
    nonce,
    formActions: [],
  };
  return {
    status: 200,
    headers: { ...pageHeaders(nonce, []), vary: 'accept' },
    cookies: rememberLanguage(http, deployment),
    body: renderCertificate({ ...published, claims: read.data }, context),
  };
}
