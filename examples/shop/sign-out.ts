import { html } from './html.ts';
import { styles } from './styles.ts';
import type { Theme } from './themes.ts';

/**
 * Leaves for the issuer after the form was answered. Chromium holds every redirect of a form to this
 * app's `form-action`, and the issuer leads on to the host of the person's cell, which no app knows.
 */
export function renderSignOut(theme: Theme, nonce: string, endSessionUrl: URL): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url=${endSessionUrl.href}">
<title>Signing out · ${theme.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles(theme)}</style>
</head>
<body>
<header>
  <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${theme.name}</a>
</header>
<main>
  <section class="hero">
    <h1>Signing you out</h1>
    <p>You are signed out of ${theme.name}. One more step ends your session everywhere.</p>
    <p><a class="button large" href="${endSessionUrl.href}">Continue</a></p>
  </section>
</main>
</body>
</html>`;
  return markup;
}
