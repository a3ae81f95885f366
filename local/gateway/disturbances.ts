import { setTimeout as sleep } from 'node:timers/promises';
import type { CellFailure } from '../cell-states.ts';
import type { AwsRequest, Fault } from '../types.ts';
import type { CredentialHolder } from './credentials.ts';
import { internalError, throttlingError, unavailableError } from './faults.ts';

/** Longer than any SDK client of ours waits for an answer. */
const TIMEOUT_FAULT_MS = 12_000;

/** A region that is down, as its callers see it. Returns what to log when there is no answer. */
export async function actOutOutage(
  outage: CellFailure | undefined,
  service: string,
  hungUp: AbortSignal,
): Promise<string | undefined> {
  if (outage === undefined) return undefined;
  if (outage === 'unavailable') throw unavailableError(service);
  if (outage === 'timeout') await waitInVain(hungUp);
  return outage === 'cut' ? 'ConnectionCut' : 'Timeout';
}

/** Returns what to log when the caller gets no answer. */
export async function actOutBefore(
  fault: Fault | undefined,
  request: AwsRequest,
  holder: CredentialHolder | undefined,
  hungUp: AbortSignal,
): Promise<string | undefined> {
  switch (fault?.kind) {
    case 'throttle':
      throw throttlingError(request.service);
    case 'error':
      throw internalError(request.service);
    case 'timeout':
      await waitInVain(hungUp);
      return 'Timeout';
    case 'crash-before':
      holder?.crash();
      return 'CrashBefore';
    default:
      return undefined;
  }
}

/** Until the caller hangs up, which every client of ours does. */
async function waitInVain(hungUp: AbortSignal): Promise<void> {
  await sleep(TIMEOUT_FAULT_MS, undefined, { signal: hungUp, ref: false }).catch(() => undefined);
}
