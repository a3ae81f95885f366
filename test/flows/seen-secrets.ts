import { vi } from 'vitest';
import { z } from 'zod';
import type { AwsService, InboxMessage } from '../../local/types.ts';
import { base64Forms, searchFor } from '../harness/spellings.ts';

export const SECRET_KINDS = [
  'password',
  'address',
  'one-time code',
  'link token',
  'authorization code',
  'refresh token',
  'access token',
  'ID token',
  'client secret',
  'cookie',
  'sealed state',
  'code verifier',
  'client assertion',
  'acknowledgement',
  'signature of a link',
  'date of birth',
  'reason of a hold',
  'task token',
] as const;

export type SecretKind = (typeof SECRET_KINDS)[number];

/** Every secret that crossed the wire or reached a mailbox, by its value. */
export type SeenSecrets = ReadonlyMap<string, SecretKind>;

/** Parameters of requests, members of JSON answers, and parameters of redirects. */
const NAMED: Readonly<Record<string, SecretKind>> = {
  password: 'password',
  current: 'password',
  email: 'address',
  refresh_token: 'refresh token',
  access_token: 'access token',
  id_token: 'ID token',
  id_token_hint: 'ID token',
  client_secret: 'client secret',
  code_verifier: 'code verifier',
  client_assertion: 'client assertion',
  form: 'sealed state',
  request: 'sealed state',
  acknowledgement: 'acknowledgement',
  keepToken: 'access token',
  'X-Amz-Signature': 'signature of a link',
  birthdate: 'date of birth',
};

/** Six digits are a person's, anything longer is an app's. */
function kindOfCode(code: string): SecretKind {
  return /^\d{6}$/.test(code) ? 'one-time code' : 'authorization code';
}

/** `fetch` that notes the secrets of all requests and answers in `seen`. */
export function createListeningFetch(seen: Map<string, SecretKind>): typeof fetch {
  const original = globalThis.fetch;
  const note = (kind: SecretKind, value: string | null | undefined) => {
    if (value) seen.set(value, kind);
  };
  const noteParameters = (parameters: Iterable<[string, unknown]>) => {
    for (const [name, value] of parameters) {
      if (typeof value !== 'string') continue;
      if (name === 'code') note(kindOfCode(value), value);
      const kind = NAMED[name];
      if (kind !== undefined) note(kind, value);
    }
  };
  const noteRequest = (request: Request, body: string) => {
    noteParameters(new URL(request.url).searchParams);
    noteParameters(body.startsWith('{') ? membersOf(body) : new URLSearchParams(body));
    if (/\/holds$/.test(request.url)) note('reason of a hold', reasonIn(body));
    const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ');
    if (scheme === 'Bearer') note('access token', credentials);
    if (scheme === 'Basic') {
      note('client secret', decodeURIComponent(atob(credentials).split(':')[1] ?? ''));
    }
  };
  const noteAnswer = (answer: Response, text: string) => {
    for (const cookie of answer.headers.getSetCookie()) {
      // Where somebody goes after sign-in is no secret.
      if (/^[\w-]*back=/.test(cookie)) continue;
      note('cookie', cookie.slice(cookie.indexOf('=') + 1).split(';')[0]);
    }
    const location = answer.headers.get('location');
    if (location !== null) noteParameters(new URL(location, 'http://any').searchParams);
    if (text.startsWith('{')) noteParameters(membersOf(text));
    for (const [, signature] of text.matchAll(/X-Amz-Signature=([0-9a-f]+)/g)) {
      note('signature of a link', signature);
    }
  };
  return async (input, init) => {
    const request = new Request(input, init);
    noteRequest(request, await request.clone().text());
    const answer = await original(input, init);
    noteAnswer(answer, await answer.clone().text());
    return answer;
  };
}

function membersOf(json: string): ReadonlyArray<[string, unknown]> {
  return Object.entries(JSON.parse(json));
}

function reasonIn(json: string): string | undefined {
  return json.startsWith('{')
    ? z.looseObject({ reason: z.string() }).parse(JSON.parse(json)).reason
    : undefined;
}

/** Whoever has a task's token lets its workflow go on. */
export function noteTaskTokens(seen: Map<string, SecretKind>, states: AwsService): void {
  const handle = states.handle.bind(states);
  vi.spyOn(states, 'handle').mockImplementation((request) => {
    const { taskToken } = request.input;
    if (typeof taskToken === 'string') seen.set(taskToken, 'task token');
    return handle(request);
  });
}

/** What stands in mails: codes, and the tokens of links. */
export function noteMails(seen: Map<string, SecretKind>, inbox: ReadonlyArray<InboxMessage>): void {
  for (const { to, codes, links } of inbox) {
    seen.set(to, 'address');
    for (const code of codes) seen.set(code, 'one-time code');
    for (const link of links) {
      const token = new URL(link).searchParams.get('token');
      if (token !== null) seen.set(token, 'link token');
    }
  }
}

/** Tells the kinds of secrets that a text holds, clear or encoded, of all that have been seen by now. */
export function createSecretFinder(seen: SeenSecrets): (text: string) => ReadonlyArray<SecretKind> {
  const searches = SECRET_KINDS.map((kind) => {
    const values = [...seen].filter(([, known]) => known === kind).map(([value]) => value);
    return [
      kind,
      kind === 'one-time code' ? searchForCodes(values) : searchForAny(values),
    ] as const;
  });
  return (text) => searches.filter(([, isIn]) => isIn(text)).map(([kind]) => kind);
}

function searchForAny(values: ReadonlyArray<string>): (text: string) => boolean {
  return searchFor({
    clear: values
      .flatMap((value) => [value, encodeURIComponent(value)])
      .map((v) => v.toLowerCase()),
    base64: values.flatMap((value) => base64Forms(Buffer.from(value))),
  });
}

/** Digits that stand alone: six of them occur within times and sizes. */
function searchForCodes(codes: ReadonlyArray<string>): (text: string) => boolean {
  const alone = new RegExp(`(?<![\\da-z])(?:${codes.join('|')})(?![\\da-z])`, 'i');
  return (text) => alone.test(text);
}
