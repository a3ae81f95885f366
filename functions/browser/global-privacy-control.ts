/** Global Privacy Control: a browser's standing "do not sell or share" (CPRA §1798.135(e)). */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { decideDoNotSell } from '../core/consents/do-not-sell.ts';
import { UnavailableError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type {
  PrivacyChange,
  PrivacyChoices,
  PrivacyChoicesStore,
} from '../core/ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Pages } from './pages.ts';

export interface PrivacySignals {
  readonly choices: PrivacyChoicesStore;
  readonly policy: PrivacyPolicy;
  readonly pages: Pick<Pages, 'localesOf'>;
}

/** `Sec-GPC: 1` is the signal; anything else is none (Global Privacy Control §3.1). */
export function hasPrivacySignal({ headers }: HttpRequest): boolean {
  return headers.get('sec-gpc') === '1';
}

/** What the signal changes of what stands; undefined without it, and where it is so already. */
export function decideBySignal(
  { policy, pages }: Omit<PrivacySignals, 'choices'>,
  http: HttpRequest,
  standing: PrivacyChoices,
): PrivacyChange | undefined {
  if (!hasPrivacySignal(http)) return undefined;
  const shown = { page: http.path, method: 'gpc' } as const;
  const context = { policy, hash: hashSecret, shown, locales: pages.localesOf(http) };
  return decideDoNotSell(true, context, standing);
}

/** What stands, for whoever sends the signal; without it, nothing is read. */
export async function readBySignal(
  { choices }: Pick<PrivacySignals, 'choices'>,
  http: HttpRequest,
  sub: Sub,
): Promise<PrivacyChoices | undefined> {
  return hasPrivacySignal(http) ? choices.load(sub) : undefined;
}

/**
 * Records the signal for somebody who is signed in: two calls the first time, and none after. What
 * cannot be recorded right now is recorded at the next page; nobody is kept from their account by it.
 */
export async function honourSignal(
  deps: PrivacySignals,
  http: HttpRequest,
  sub: Sub,
  standing: PrivacyChoices | undefined,
): Promise<void> {
  if (standing === undefined) return;
  if (decideBySignal(deps, http, standing) === undefined) return;
  const acting = actingOf(http, { type: 'person', sub });
  try {
    await deps.choices.change(sub, (latest) => decideBySignal(deps, http, latest), acting);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}
