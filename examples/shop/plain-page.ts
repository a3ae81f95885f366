import { html } from './html.ts';
import { styles } from './styles.ts';
import type { Theme } from './themes.ts';

type Markup = ReturnType<typeof html>;

interface PlainPage {
  readonly title: string;
  readonly main: Markup;
  /** Where the browser goes on by itself at once. */
  readonly continueUrl?: URL;
}

/** A page of words under the shop's name. */
export function renderPlainPage(theme: Theme, nonce: string, page: PlainPage): string {
  const { title, main, continueUrl } = page;
  const refresh =
    continueUrl === undefined
      ? html``
      : html`<meta http-equiv="refresh" content="0; url=${continueUrl.href}">`;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}
<title>${title} · ${theme.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles(theme)}</style>
</head>
<body>
<header>
  <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${theme.name}</a>
</header>
<main>
  <section class="hero">${main}</section>
</main>
</body>
</html>`;
  return markup;
}
