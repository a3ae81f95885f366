import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CellName } from '../core/cells.ts';
import { HttpError } from '../core/errors.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { parseCookies } from './cookies.ts';
import { readAddressed } from './edge.ts';
import type { HttpRequest } from './message.ts';
import { Parameters } from './parameters.ts';

/** What functions are invoked with: by the API, or by another cell that handed it on. */
export type HttpEvent = APIGatewayProxyEventV2 & { readonly forwardedBy?: CellName };

const MAX_BODY_BYTES = 65_536;
/** What reads or writes nested values again, such as a schema or a page, has a stack that ends. */
const MAX_JSON_DEPTH = 32;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** What a route takes: a form where pages and OAuth speak, JSON where REST does. */
export type BodyType = 'form' | 'json';

/**
 * Reads an HTTP API event (payload format 2.0). Throws HttpError 400, 413 or 415. With `edgeSecret`
 * host and source are what CloudFront says: whether it was CloudFront is for the caller to see.
 */
export function parseRequest(
  event: HttpEvent,
  edgeSecret?: string,
  bodyType: BodyType = 'form',
): HttpRequest {
  const head = parseHead(event, edgeSecret);
  const query = Parameters.parse(event.rawQueryString);
  if (bodyType === 'json') return { ...head, query, json: parseJson(event, head) };
  const form = head.method === 'POST' ? parseForm(event, head) : head.form;
  return { ...head, query, form };
}

/** Never throws: what is known of a request whose parameters could not be read. */
export function parseHead(event: HttpEvent, edgeSecret?: string): HttpRequest {
  const none = Parameters.parse('');
  return {
    ...readAddressed(event, edgeSecret),
    method: event.requestContext.http.method,
    path: event.rawPath,
    ...(event.pathParameters !== undefined && { pathParameters: event.pathParameters }),
    query: none,
    rawQuery: event.rawQueryString,
    headers: lowerCaseNames(event.headers),
    cookies: parseCookies(event.cookies ?? []),
    form: none,
    requestId: event.requestContext.requestId,
    now: currentTime(),
    ...(event.forwardedBy !== undefined && { forwardedBy: event.forwardedBy }),
  };
}

/** The clock is read here and nowhere deeper. */
function currentTime(): EpochSeconds {
  return toEpochSeconds(Date.now());
}

function lowerCaseNames(
  headers: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const lowered = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lowered.set(name.toLowerCase(), value);
  }
  return lowered;
}

function parseForm(event: APIGatewayProxyEventV2, head: HttpRequest): Parameters {
  const text = readBody(event, head, FORM_TYPE);
  return text === undefined ? head.form : Parameters.parse(text);
}

/** RFC 8259, 32 levels at most; what of it is accepted is for each endpoint's schema to say. */
function parseJson(event: APIGatewayProxyEventV2, head: HttpRequest): unknown {
  const text = readBody(event, head, JSON_TYPE);
  if (text === undefined) return undefined;
  const value = readText(text);
  if (isDeeperThan(value, MAX_JSON_DEPTH)) throw new HttpError(400, 'the body is nested too deep');
  return value;
}

function readText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

/** Level by level, on no stack: `JSON.parse` takes any depth. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level = [value];
  for (let passed = 0; passed < depth; passed += 1) {
    level = level.filter(isContainer).flatMap((one): Array<unknown> => Object.values(one));
    if (level.length === 0) return false;
  }
  return level.some(isContainer);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Undefined without a body. Throws HttpError 400, 413 or 415. */
function readBody(
  event: APIGatewayProxyEventV2,
  head: HttpRequest,
  expectedType: string,
): string | undefined {
  if (event.body === undefined || event.body === '') return undefined;
  // RFC 9110 §8.3.1: the media type ends where its parameters begin and ignores case.
  const mediaType = (head.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== expectedType) throw new HttpError(415, `the body must be ${expectedType}`);
  const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > MAX_BODY_BYTES) throw new HttpError(413, 'the body exceeds 64 kB');
  return decodeText(body);
}

function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new HttpError(400, 'the body is not UTF-8');
  }
}
