/**
 * That a sign-up's home has been settled: by the form that asks, or by the country, on the way
 * here. Sealed and bound to the browser, because a link that could say so would let any site have
 * its visitors' data kept in a region that is not theirs.
 */
import type { SecretHash } from '../core/ids.ts';
import { addSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

/** As long as the form may stay open. */
const LIFETIME_SECONDS = 86_400;

/** The query parameter and hidden field that carries it from page to page. */
const FIELD = 'settled';

type SettlingDeps = Pick<Interaction, 'cells' | 'forms' | 'sealer'>;

interface SettledHome {
  readonly browser: SecretHash;
}

interface Settling {
  readonly parameters: Readonly<Record<string, string>>;
  readonly cookies: ReadonlyArray<string>;
}

/** For the way to this cell's sign-up page; nothing with one cell. */
export async function settleHome(deps: SettlingDeps, http: HttpRequest): Promise<Settling> {
  if (!deps.cells.areSeveral) return { parameters: {}, cookies: [] };
  const { browser, cookies } = await deps.forms.seal(http);
  return { parameters: await sealFor(deps, http, browser), cookies };
}

/** Hidden inputs of the form, so that it comes back to the same home. */
export async function hiddenSettledHome(
  deps: SettlingDeps,
  http: HttpRequest,
  browser: SecretHash,
): Promise<Readonly<Record<string, string>>> {
  return deps.cells.areSeveral ? sealFor(deps, http, browser) : {};
}

/** True when it was this cell and this browser that it was settled for. */
export async function isHomeSettled(deps: SettlingDeps, http: HttpRequest): Promise<boolean> {
  const sealed = findSealed(http);
  if (sealed === undefined) return false;
  // The key is this cell's own; what opens is authentic, hence written by `sealFor`.
  const content = await deps.sealer.open('settled-home', sealed, http.now);
  const { browser } = (content ?? {}) as Partial<SettledHome>;
  return browser !== undefined && browser === deps.forms.browserOf(http);
}

/** True when somebody says so, which has yet to be believed. */
export function isSaidSettled(http: HttpRequest): boolean {
  return findSealed(http) !== undefined;
}

function findSealed(http: HttpRequest): string | undefined {
  return (http.method === 'POST' ? http.form : http.query).find(FIELD);
}

async function sealFor(
  { sealer }: SettlingDeps,
  http: HttpRequest,
  browser: SecretHash,
): Promise<Readonly<Record<string, string>>> {
  const content: SettledHome = { browser };
  const expiresAt = addSeconds(http.now, LIFETIME_SECONDS);
  return { [FIELD]: await sealer.seal('settled-home', content, expiresAt) };
}
