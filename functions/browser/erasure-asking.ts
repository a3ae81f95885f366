/** Asking for an account to be erased (GDPR Art. 17), and changing one's mind. */
import { randomToken } from '../adapters/crypto/hash.ts';
import type { Acting } from '../core/audit/act.ts';
import type { Cells } from '../core/cells.ts';
import type { Sub } from '../core/ids.ts';
import type { ErasureRequests, PrivacyRuns, Undone } from '../core/ports/erasure-requests.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import { addSeconds, DAY_SECONDS } from '../core/time.ts';
import type { CountedEvent } from '../environment.ts';
import { tellErasureAsked, tellErasureUndone } from './erasure-notices.ts';
import { keepWordOf } from './keep-account-link.ts';

export interface ErasureUndoing {
  readonly erasures: ErasureRequests;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly cells: Cells;
  readonly mailer: Mailer;
  readonly settings: { readonly productName: string; readonly issuer: string };
}

export interface ErasureAsking extends ErasureUndoing {
  readonly erasureRuns: PrivacyRuns;
  /** Every session and grant. */
  readonly access: { endAll(sub: Sub, acting: Acting): Promise<void> };
  readonly sealer: Sealer;
  readonly erasureGraceDays: number;
}

export interface AskedErasure {
  readonly request: PrivacyRequest;
  /** Whether one was under way before. */
  readonly isRunning: boolean;
  /** Keeps the account, until it is closed; absent without grace, and for one that was running. */
  readonly keepWord?: string;
  readonly counts: ReadonlyArray<CountedEvent>;
}

/**
 * Signs the person out everywhere, and erases them when grace is over. Undefined when there is
 * nobody to erase. Whatever fails on the way, repeating it makes it good: one request is made, its
 * workflow runs, and nobody is signed in.
 */
export async function askForErasure(
  deps: ErasureAsking,
  wanted: { readonly sub: Sub; readonly acting: Acting; readonly requestId?: PrivacyRequestId },
): Promise<AskedErasure | undefined> {
  const { sub, acting } = wanted;
  const now = acting.at;
  const [running, owner] = await Promise.all([
    deps.erasures.findRunning(sub),
    deps.profiles.find(sub),
  ]);
  if (running !== undefined) {
    await deps.access.endAll(sub, acting);
    return { request: running, isRunning: true, counts: [] };
  }
  if (owner?.status !== 'active') return undefined;
  const name = wanted.requestId ?? (randomToken() as PrivacyRequestId);
  const requestId = await deps.erasureRuns.start(name);
  const erasesAt = addSeconds(now, deps.erasureGraceDays * DAY_SECONDS);
  const asked = await deps.erasures.ask({ requestId, sub, erasesAt, acting });
  if (asked.outcome === 'refused') return undefined;
  await deps.access.endAll(sub, acting);
  const { request } = asked;
  if (asked.outcome === 'running') return { request, isRunning: true, counts: [] };
  const keepWord = await keepWordOf(deps, request, now);
  const counts = await tellErasureAsked(deps, owner, request, keepWord);
  return { request, isRunning: false, counts, ...(keepWord !== undefined && { keepWord }) };
}

/** The account stays. Its owner is told, by mail, whoever wanted it. */
export async function undoErasure(
  deps: ErasureUndoing,
  requestId: PrivacyRequestId,
  acting: Acting,
): Promise<Undone & { readonly counts: ReadonlyArray<CountedEvent> }> {
  const undone = await deps.erasures.undo(requestId, acting);
  if (undone.outcome !== 'undone' || undone.isRepeated) return { ...undone, counts: [] };
  const owner = await deps.profiles.find(undone.request.sub);
  return { ...undone, counts: await tellErasureUndone(deps, owner) };
}
