import { randomToken } from '../adapters/crypto/hash.ts';
import { parseAcceptLanguage } from '../core/accept-language.ts';
import type { Cells } from '../core/cells.ts';
import type { Client } from '../core/client.ts';
import { toFormActionSource } from '../core/redirect-uri.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { CountedEvent } from '../environment.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { chooseLanguage, formatTime } from '../pages/locale.ts';
import { type FurtherPages, renderPage } from '../pages/render.tsx';
import { pageHeaders } from '../pages/security-headers.ts';
import type { PageContext, View } from '../pages/view.ts';
import { findChosenLanguage, rememberLanguage } from './language-choice.ts';
import { pageUrlOf } from './page-url.ts';

/** On whose behalf somebody is here. */
export interface Visit {
  readonly client?: Client;
  readonly request?: {
    /** Where a form's answer may redirect to in the end. */
    readonly redirectUri?: string;
    readonly uiLocales: ReadonlyArray<string>;
  };
}

interface PageOptions {
  readonly status?: number;
  readonly visit?: Visit;
  /** Complete `Set-Cookie` values. */
  readonly cookies?: ReadonlyArray<string>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly counts?: ReadonlyArray<CountedEvent>;
  /** For the form-post page alone. */
  readonly script?: boolean;
}

export interface PageSettings {
  readonly issuer: string;
  readonly productName: string;
  /** BCP 47 tag. */
  readonly defaultLanguage: string;
}

export interface Pages {
  show(http: HttpRequest, view: View, options?: PageOptions): HttpResponse;
  /** What to speak to this person: their choice, the app's wish, the browser's, ours. */
  localesOf(http: HttpRequest, visit?: Visit): ReadonlyArray<string>;
  /** For a message with a time in it, in the language of the page. */
  formatTime(http: HttpRequest, at: EpochSeconds): string;
}

/** `further`: pages that this surface alone shows. */
export function createPages(settings: PageSettings, cells: Cells, further?: FurtherPages): Pages {
  const deployment = { issuer: settings.issuer, cells };
  // A form's answer may lead to another cell.
  const cellActions = cells.areSeveral ? cells.all.map(({ url }) => toFormActionSource(url)) : [];

  function localesOf(http: HttpRequest, visit: Visit = {}): ReadonlyArray<string> {
    const chosen = findChosenLanguage(http, deployment);
    return [
      ...(chosen === undefined ? [] : [chosen]),
      ...(visit.request?.uiLocales ?? []),
      ...parseAcceptLanguage(http.headers.get('accept-language') ?? ''),
      settings.defaultLanguage,
    ];
  }

  return {
    localesOf,

    formatTime: (http, at) => formatTime(at, chooseLanguage(localesOf(http)), 'long'),

    show(http, view, options = {}) {
      const { visit = {}, status = 200, script = false, cookies = [], counts } = options;
      const nonce = randomToken();
      const redirectUri = visit.request?.redirectUri;
      const formActions = [
        ...cellActions,
        ...(redirectUri === undefined ? [] : [toFormActionSource(redirectUri)]),
      ];
      const context: PageContext = {
        locales: localesOf(http, visit),
        productName: settings.productName,
        // The page with the script is gone before anybody reads it.
        ...(!script && { pageUrl: pageUrlOf(http) }),
        ...(visit.client !== undefined && { client: describeClient(visit.client) }),
        nonce,
        formActions,
      };
      return {
        status,
        headers: { ...pageHeaders(nonce, formActions, { script }), ...options.headers },
        cookies: [...cookies, ...rememberLanguage(http, deployment)],
        ...(counts !== undefined && { counts }),
        body: renderPage(view, context, further),
      };
    },
  };
}

/** 303: whatever the method was, the browser follows with GET (RFC 9110 §15.4.4). */
export function seeOther(location: string, cookies: ReadonlyArray<string> = []): HttpResponse {
  return {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    cookies,
  };
}

function describeClient(client: Client): NonNullable<PageContext['client']> {
  return {
    name: client.clientName,
    branding: client.branding,
    ...(client.policyUri !== undefined && { policyUri: client.policyUri }),
    ...(client.tosUri !== undefined && { tosUri: client.tosUri }),
  };
}
