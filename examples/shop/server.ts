/**
 * A small shop that signs its customers in with Domicile.
 *
 *   ISSUER=http://localhost:4000 CLIENT_ID=… CLIENT_SECRET=… PORT=4010 node examples/shop/server.ts
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { renderPage } from './page.ts';
import { createSessions, type Session } from './sessions.ts';
import { createSignIn, isAccessEnded, type SignedIn } from './sign-in.ts';
import { renderSignOut } from './sign-out.ts';
import { renderTerms } from './terms.ts';
import { THEMES } from './themes.ts';

const {
  ISSUER = 'http://localhost:4000',
  CLIENT_ID = '',
  CLIENT_SECRET = '',
  PORT = '4010',
  THEME = 'shop',
  NEIGHBOUR_URL = '/',
} = process.env;

const appUrl = `http://localhost:${PORT}`;
const themeName = THEME === 'club' ? 'club' : 'shop';
const theme = THEMES[themeName];
const sessions = createSessions(`${themeName}-session`);
const signIn = createSignIn({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  appUrl,
  scope: theme.scope,
});

type Route = (session: Session, response: ServerResponse, url: URL) => Promise<void> | void;

const routes: Readonly<Record<string, Route>> = {
  'GET /': showPage,

  'GET /terms': (_, response) => send(response, (nonce) => renderTerms(theme, nonce)),

  'GET /sign-in': async (session, response) => {
    const { url, checks } = await signIn.begin();
    session.checks = checks;
    redirect(response, url);
  },

  'GET /callback': async (session, response, url) => {
    const { checks } = session;
    delete session.checks;
    if (checks === undefined)
      session.notice = 'That sign-in was not started here. Please try again.';
    else session.signedIn = await signIn.finish(url, checks);
    redirect(response, '/');
  },

  'POST /refresh': async (session, response) => {
    if (session.signedIn !== undefined) await refresh(session, session.signedIn);
    redirect(response, '/');
  },

  'POST /sign-out': async (session, response) => {
    const { signedIn } = session;
    delete session.signedIn;
    if (signedIn === undefined) {
      redirect(response, '/');
      return;
    }
    const endSessionUrl = await signIn.end(signedIn);
    send(response, (nonce) => renderSignOut(theme, nonce, endSessionUrl));
  },
};

async function refresh(session: Session, signedIn: SignedIn): Promise<void> {
  try {
    session.signedIn = await signIn.refresh(signedIn);
    session.notice = 'The tokens below are new; the old refresh token is spent.';
  } catch (error) {
    if (!isAccessEnded(error)) throw error;
    // They signed out elsewhere, or it is long ago: here, too, nobody is signed in any more.
    delete session.signedIn;
    session.notice = 'Your access has ended. Please sign in again.';
  }
}

function showPage(session: Session, response: ServerResponse): void {
  const { signedIn, notice } = session;
  delete session.notice;
  const accountUrl = `${ISSUER}/account`;
  const content = { theme, accountUrl, neighbourUrl: NEIGHBOUR_URL, signedIn, notice };
  send(response, (nonce) => renderPage({ ...content, nonce }));
}

function send(response: ServerResponse, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self' ${ISSUER}; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(render(nonce));
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', appUrl);
  const { session, setCookie } = sessions.open(request.headers.cookie);
  if (setCookie !== undefined) response.setHeader('set-cookie', setCookie);
  const route = routes[`${request.method} ${url.pathname}`];
  if (route === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    return;
  }
  try {
    await route(session, response, url);
  } catch (error) {
    // The reason is for the log; the customer can only try again.
    console.error(error);
    session.notice = describe(url);
    redirect(response, '/');
  }
}

function describe(url: URL): string {
  if (url.searchParams.get('error') === 'access_denied') return 'You cancelled the sign-in.';
  return 'That did not work just now. Please try again.';
}

function redirect(response: ServerResponse, location: URL | string): void {
  response.writeHead(303, { location: String(location), 'cache-control': 'no-store' }).end();
}

createServer((request, response) => void handle(request, response)).listen(
  Number(PORT),
  '127.0.0.1',
  () => console.log(`listening on ${appUrl}`),
);
