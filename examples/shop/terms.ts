import { html } from './html.ts';
import { renderPlainPage } from './plain-page.ts';
import type { Theme } from './themes.ts';

/** What the sign-up page links to: the client is registered with this address (`tos_uri`). */
export function renderTerms(theme: Theme, nonce: string): string {
  return renderPlainPage(theme, nonce, {
    title: 'Terms of use',
    main: html`
    <h1>Terms of use</h1>
    <p>${theme.name} is a demo: nothing here is for sale, and nobody owes anybody anything.</p>
    <p>An operator’s own terms would stand here. Whoever signs up on the way to this app accepts
      them, and the account keeps their address and the time.</p>`,
  });
}
