import { html } from './html.ts';
import { styles } from './styles.ts';
import type { Theme } from './themes.ts';

/** What the sign-up page links to: the client is registered with this address (`tos_uri`). */
export function renderTerms(theme: Theme, nonce: string): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Terms of use · ${theme.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles(theme)}</style>
</head>
<body>
<header>
  <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${theme.name}</a>
</header>
<main>
  <section class="hero">
    <h1>Terms of use</h1>
    <p>${theme.name} is a demo: nothing here is for sale, and nobody owes anybody anything.</p>
    <p>An operator’s own terms would stand here. Whoever signs up on the way to this app accepts
      them, and the account keeps their address and the time.</p>
  </section>
</main>
</body>
</html>`;
  return markup;
}
