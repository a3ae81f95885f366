import { setTimeout as sleep } from 'node:timers/promises';
import type { CellFailure } from '../cell-states.ts';
import type { AwsRequest, Fault } from '../types.ts';
import type { CredentialHolder } from './credentials.ts';
import { internalError, throttlingError, unavailableError } from './faults.ts';

/** Longer than any SDK client of ours waits for an answer. */
const TIMEOUT_FAULT_MS = 12_000;

/** Whoever holds the other end of the connection. */
export interface Caller {
  /** Aborted when it gives the call up. */
  readonly hungUp: AbortSignal;
  /** That no answer will come. On AWS nobody says so; here it may spare who asks the time. */
  tellOfSilence(): void;
}

/** A region that is down, as its callers see it. Returns what to log when there is no answer. */
export async function actOutOutage(
  outage: CellFailure | undefined,
  service: string,
  caller: Caller,
): Promise<string | undefined> {
  if (outage === undefined) return undefined;
  if (outage === 'unavailable') throw unavailableError(service);
  if (outage === 'timeout') await waitInVain(caller);
  return outage === 'cut' ? 'ConnectionCut' : 'Timeout';
}

/** Returns what to log when the caller gets no answer. */
export async function actOutBefore(
  fault: Fault | undefined,
  request: AwsRequest,
  holder: CredentialHolder | undefined,
  caller: Caller,
): Promise<string | undefined> {
  switch (fault?.kind) {
    case 'throttle':
      throw throttlingError(request.service);
    case 'error':
      throw internalError(request.service);
    case 'timeout':
      await waitInVain(caller);
      return 'Timeout';
    case 'crash-before':
      holder?.crash();
      return 'CrashBefore';
    default:
      return undefined;
  }
}

/** Until the caller hangs up, which every client of ours does. */
async function waitInVain({ hungUp, tellOfSilence }: Caller): Promise<void> {
  tellOfSilence();
  await sleep(TIMEOUT_FAULT_MS, undefined, { signal: hungUp, ref: false }).catch(() => undefined);
}
