import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest } from '../http/message.ts';
import { LANGUAGE_PARAMETER } from '../pages/locale.ts';

/** What only forms are sent to, and the page that each such form stands on. */
const PAGES_OF_FORMS: Readonly<Record<string, string>> = {
  '/verify/resend': '/verify',
  '/recover/resend': '/recover/reset',
  '/sign-in/identifier': '/sign-in',
  '/account/sessions/revoke': '/account',
  '/account/privacy/consents': '/account/privacy',
  '/account/privacy/preferences': '/account/privacy',
  '/account/privacy/do-not-sell': '/account/privacy',
  '/account/privacy/apps/remove': '/account/privacy',
  // Asks once more whoever is signed in still.
  '/account/sign-out': '/oauth2/logout',
};

/** Hidden fields that pages take from their address as well. */
const CARRIED = [
  ...['request', 'state', 'token', 'at', 'choose', 'country', 'settled'],
  ...['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'ui_locales'],
];

/** With cookies and the browser's own headers below HTTP API's 10 KiB. */
const MAX_LENGTH = 8000;

/** The address, without host, where a request's page is found by GET: a way back from any form. */
export function pageUrlOf({ method, path, query, form }: HttpRequest): string {
  const isForm = method === 'POST';
  const page = isForm && Object.hasOwn(PAGES_OF_FORMS, path) ? PAGES_OF_FORMS[path] : path;
  const names = isForm ? CARRIED : query.names().filter((name) => name !== LANGUAGE_PARAMETER);
  const parameters = names.flatMap((name) => {
    const value = (isForm ? form : query).find(name);
    return value === undefined ? [] : [[name, value]];
  });
  const url = addToQuery(page ?? path, Object.fromEntries(parameters));
  return url.length > MAX_LENGTH ? (page ?? path) : url;
}
