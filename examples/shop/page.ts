import { type Html, html } from './html.ts';
import type { SignedIn } from './sign-in.ts';
import { styles } from './styles.ts';
import type { Product, Theme } from './themes.ts';

export interface PageContent {
  readonly theme: Theme;
  readonly nonce: string;
  readonly accountUrl: string;
  readonly neighbourUrl: string;
  readonly signedIn: SignedIn | undefined;
  readonly notice: string | undefined;
}

/** The app's only page: the shelf, and who is looking at it. */
export function renderPage(content: PageContent): string {
  const { theme, nonce, signedIn, notice, neighbourUrl } = content;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${theme.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles(theme)}</style>
</head>
<body>
<header>
  <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${theme.name}</a>
  ${signedIn === undefined ? signInLink() : signOutForm(signedIn)}
</header>
<main>
  ${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
  <section class="hero">
    <h1>${theme.tagline}</h1>
    ${signedIn === undefined ? invitation(theme) : welcome(content, signedIn)}
  </section>
  <section aria-labelledby="shelf">
    <h2 id="shelf">This week</h2>
    <ul class="shelf">${theme.products.map(card)}</ul>
  </section>
  ${signedIn === undefined ? '' : tokens(signedIn)}
</main>
<footer>
  <p>A demo app of Domicile. Its source is <code>examples/shop</code>.</p>
  <p><a href="${neighbourUrl}">${theme.neighbour}</a></p>
</footer>
</body>
</html>`;
  return markup;
}

function signInLink(): Html {
  return html`<a class="button" href="/sign-in">Sign in</a>`;
}

function signOutForm({ email, subject }: SignedIn): Html {
  return html`<form class="who" method="post" action="/sign-out">
    <span class="name" title="${subject}">${email ?? subject}</span>
    <button class="quiet">Sign out</button>
  </form>`;
}

function invitation(theme: Theme): Html {
  return html`<p>Sign in to see how ${theme.name} learns who you are: a redirect, a code, and
    tokens that were signed for this app alone.</p>
  <p><a class="button large" href="/sign-in">Sign in or create an account</a></p>`;
}

function welcome({ accountUrl, neighbourUrl, theme }: PageContent, { email }: SignedIn): Html {
  return html`<p>Welcome${email === undefined ? '' : html`, <strong>${email}</strong>`}. You are signed in.
    At <a href="${neighbourUrl}">${theme.neighbour}</a> you will not be asked again.</p>
  <p><a class="button large" href="${accountUrl}">Your account</a></p>`;
}

function card({ name, detail, price, hues: [first, second] }: Product): Html {
  const id = `sky-${first}-${second}`;
  return html`<li class="card">
    <svg viewBox="0 0 160 100" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <defs><linearGradient id="${id}" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stop-color="hsl(${String(first)} 62% 78%)"/>
        <stop offset="1" stop-color="hsl(${String(second)} 55% 55%)"/>
      </linearGradient></defs>
      <rect width="160" height="100" fill="url(#${id})"/>
      <circle cx="118" cy="30" r="11" fill="hsl(${String(first)} 80% 94%)"/>
      <path d="M0 78 38 40l22 22 26-34 44 46 30-18v44H0z" fill="hsl(${String(second)} 38% 38%)"/>
      <path d="M0 100V88l46-22 40 20 34-12 40 18v8z" fill="hsl(${String(second)} 42% 24%)"/>
    </svg>
    <div><h3>${name}</h3><p>${detail}</p></div>
    <p class="price">${price}</p>
  </li>`;
}

function tokens({ idToken, accessToken, refreshToken }: SignedIn): Html {
  return html`<section aria-labelledby="tokens">
    <div class="row">
      <h2 id="tokens">What this app received</h2>
      ${refreshToken === undefined ? '' : html`<form method="post" action="/refresh"><button class="quiet">Refresh tokens</button></form>`}
    </div>
    ${token('ID token', 'Who you are, for this app alone', idToken)}
    ${token('Access token', 'What this app may ask for', accessToken)}
  </section>`;
}

function token(name: string, purpose: string, jwt: string): Html {
  const [header = '', payload = ''] = jwt.split('.');
  return html`<details class="token" open>
    <summary><strong>${name}</strong> <span>${purpose}</span></summary>
    <pre tabindex="0" aria-label="${name}, header">${decode(header)}</pre>
    <pre tabindex="0" aria-label="${name}, claims">${decode(payload)}</pre>
  </details>`;
}

/** For reading only: nothing is decided by claims that were not verified. */
function decode(part: string): string {
  return JSON.stringify(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')), null, 2);
}
