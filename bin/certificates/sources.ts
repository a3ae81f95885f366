import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../admin/usage-error.ts';

/** A certificate has a few kilobytes. */
const MAX_BYTES = 65_536;
const TIMEOUT_MS = 10_000;

/** As `GET /v1/privacy/certificates/{id}` answers, or the JWS alone. */
const Published = z.looseObject({ jws: z.string() });

export interface Source {
  /** Compact JWS. */
  readonly jws: string;
  /** Where it was fetched; undefined for files. */
  readonly origin: string | undefined;
}

/** A file, or an address of https (http for this machine). Throws UsageError for anything else. */
export async function readSource(given: string): Promise<Source> {
  if (!/^https?:/i.test(given)) return { jws: toJws(await readText(given)), origin: undefined };
  const { origin } = requireSafe(given);
  return { jws: toJws(await fetchText(given, 'application/jwt')), origin };
}

/** The evidence keys of an issuer (RFC 7517 §5); undefined for what is no JSON. */
export async function fetchKeys(issuer: string): Promise<unknown> {
  requireSafe(issuer);
  const text = await fetchText(`${issuer}/.well-known/evidence-jwks.json`, 'application/json');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keys that came by plain http from afar would prove nothing. */
function requireSafe(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new UsageError(`${url} is no address`);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  if (parsed.protocol === 'https:' || isHere) return parsed;
  throw new UsageError(`${url} must begin with https://`);
}

async function fetchText(url: string, accept: string): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { headers: { accept }, redirect: 'error', signal }).catch(
    () => undefined,
  );
  if (response === undefined) throw new UsageError(`${url} does not answer`);
  if (!response.ok) throw new UsageError(`${url} answered ${response.status}`);
  return bounded(await response.text(), url);
}

async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new UsageError(`${path} cannot be read`);
  return bounded(text, path);
}

function bounded(text: string, name: string): string {
  if (text.length > MAX_BYTES) throw new UsageError(`${name} is too long to be a certificate`);
  return text;
}

function toJws(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed;
  try {
    return Published.parse(JSON.parse(trimmed)).jws;
  } catch {
    throw new UsageError('there is no certificate in it');
  }
}
