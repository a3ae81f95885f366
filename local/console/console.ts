import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Listener } from '../front.ts';
import { type ApiResponse, messageResponse } from '../http-api/response.ts';

const CLIENT = new URL('./client/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const ASSETS = '/_local/assets/';
/** In the order in which they build on each other. */
const STYLES = [
  'base.css',
  'shell.css',
  'parts.css',
  'forms.css',
  'views.css',
  'cells.css',
  'executions.css',
];

/** The console at `/_local`: one page over the control API, everything from this origin. */
export function createConsole(): Listener {
  const assets = new Map(
    readdirSync(CLIENT).map((name) => [name, readFileSync(new URL(name, CLIENT))]),
  );
  return async ({ method, path }) => {
    if (method !== 'GET') return messageResponse(405, 'Method Not Allowed');
    if (path === '/_local' || path === '/_local/') return page();
    const name = path.startsWith(ASSETS) ? path.slice(ASSETS.length) : '';
    const body = assets.get(name);
    if (body === undefined) return messageResponse(404, 'Not Found');
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return answer(type, body, {});
  };
}

function page(): ApiResponse {
  const nonce = randomBytes(16).toString('base64');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Domicile, local cloud</title>
<link rel="icon" href="data:,">
${STYLES.map((name) => `<link rel="stylesheet" nonce="${nonce}" href="${ASSETS}${name}">`).join('\n')}
<script type="module" nonce="${nonce}" src="${ASSETS}main.js"></script>
</head>
<body>
<div class="shell">
<header class="side">
<div class="brand">Domicile <span class="brand-suffix">local cloud</span></div>
<nav aria-label="Console"></nav>
</header>
<div class="stage">
<div id="banner" role="alert" hidden></div>
<main><noscript>The console needs JavaScript; everything it shows is JSON under /_local/api/.</noscript></main>
</div>
</div>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "frame-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return answer('text/html; charset=utf-8', Buffer.from(html), {
    'content-security-policy': policy,
    'x-frame-options': 'DENY',
  });
}

function answer(
  type: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): ApiResponse {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...headers,
    },
    cookies: [],
    body,
  };
}
