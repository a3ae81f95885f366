import { html } from './html.ts';
import { renderPlainPage } from './plain-page.ts';
import type { Theme } from './themes.ts';

/**
 * Leaves for the issuer after the form was answered. Chromium holds every redirect of a form to this
 * app's `form-action`, and the issuer leads on to the host of the person's cell, which no app knows.
 */
export function renderSignOut(theme: Theme, nonce: string, endSessionUrl: URL): string {
  return renderPlainPage(theme, nonce, {
    title: 'Signing out',
    continueUrl: endSessionUrl,
    main: html`
    <h1>Signing you out</h1>
    <p>You are signed out of ${theme.name}. One more step ends your session everywhere.</p>
    <p><a class="button large" href="${endSessionUrl.href}">Continue</a></p>`,
  });
}
