import { parse } from 'node-html-parser';
import { describe, expect, test } from 'vitest';
import { createErrorPages } from '../../functions/browser/error-pages.ts';
import { createPages } from '../../functions/browser/pages.ts';
import { parseCells } from '../../functions/core/cells.ts';
import { HttpError, OAuthError, UnavailableError } from '../../functions/core/errors.ts';
import { parseRequest } from '../../functions/http/request.ts';
import { eventOf, FORM, type Sent } from '../http/events.ts';

const SETTINGS = {
  issuer: 'https://id.example',
  productName: 'Northwind',
  defaultLanguage: 'en',
};
const CELLS = parseCells('eu', 'eu=https://id.example', 'eu=eu-central-1');
const render = createErrorPages(createPages(SETTINGS, CELLS));

function errorPage(error: unknown, sent: Sent = { routeKey: 'GET /consent', query: 'request=x' }) {
  const answer = render(error, parseRequest(eventOf(sent)));
  const document = parse(answer.body ?? '');
  return {
    answer,
    text: document.querySelector('.lede')?.text,
    way: document.querySelector('main a')?.getAttribute('href'),
  };
}

describe('each failure has words of its own, and a way on', () => {
  test.each([
    [new HttpError(400, 'a field is repeated'), 400, 'We cannot read', '/consent?request=x'],
    [new HttpError(403, 'the session ended'), 403, 'You were signed out', '/consent?request=x'],
    [new HttpError(404, 'nothing'), 404, 'There is nothing', '/account'],
    [new HttpError(413, 'too long'), 413, 'longer than we can accept', '/consent?request=x'],
    [new HttpError(415, 'no form'), 415, 'not one of our forms', '/consent?request=x'],
    [new UnavailableError('dynamodb', undefined), 503, 'Nothing is lost', '/consent?request=x'],
    [new OAuthError('invalid_scope', { detail: 'x' }), 400, 'The app sent', undefined],
    [new Error('a secret detail'), 500, 'on our side', undefined],
  ] as const)('%s', (error, status, words, wayOn) => {
    const { answer, text, way } = errorPage(error);
    expect([answer.status, way]).toEqual([status, wayOn]);
    expect(text).toContain(words);
    expect(answer.body).not.toContain('a secret detail');
  });
});

describe('the way back from a form', () => {
  const back = (path: string, body: string) =>
    errorPage(new HttpError(413, 'x'), { routeKey: `POST ${path}`, headers: FORM, body }).way;

  test.each([
    ['/sign-in', 'request=r&email=ada%40example.com&password=p', '/sign-in?request=r'],
    ['/verify', 'token=t&password=p', '/verify?token=t'],
    ['/verify/resend', 'state=s', '/verify?state=s'],
    ['/recover/resend', 'state=s', '/recover/reset?state=s'],
    ['/account/sessions/revoke', 'session=others', '/account'],
    ['/account/sign-out', '', '/oauth2/logout'],
    ['/oauth2/logout', 'client_id=c&state=s', '/oauth2/logout?state=s&client_id=c'],
  ])('%s is the page that it stands on, without what was typed', (path, body, way) => {
    expect(back(path, body)).toBe(way);
  });

  test('is short, whatever the form held', () => {
    expect(back('/verify', `state=${'x'.repeat(9000)}`)).toBe('/verify');
  });
});
