/** Processors are told, and reminded until they acknowledge or their time is up (GDPR Art. 19). */
import type { ActKind } from '../core/audit/act.ts';
import type { ErasureOutput } from '../core/erasure/steps.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { RemindInput, TellInput } from '../core/privacy-requests/processor-steps.ts';
import {
  processorsToTell,
  remindProcessor,
  tellProcessor,
} from '../core/privacy-requests/telling-processors.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actOfErasure, type Proof } from './proof.ts';
import { DONE, type ErasureDeps, type State } from './state.ts';

export const listProcessors: State = async ({ proof: { settings } }) => ({
  outcome: 'done',
  processors: processorsToTell(settings.processors, settings),
});

export async function tell(
  { erasures, proof }: ErasureDeps,
  { requestId, processorId, taskToken }: TellInput,
  now: EpochSeconds,
): Promise<ErasureOutput> {
  const request = await erasures.load(requestId as PrivacyRequestId);
  const event = { kind: 'ErasureRequested', processorId, taskToken, now } as const;
  const outcome = await tellProcessor(proof, request, event, recordOf(proof, request));
  return outcome === 'told' ? { outcome: 'waiting' } : DONE;
}

/** After a timeout: told again, or overdue, which an alarm and the certificate tell. */
export async function remind(
  { erasures, proof }: ErasureDeps,
  { requestId, processorId }: RemindInput,
  now: EpochSeconds,
): Promise<ErasureOutput> {
  const request = await erasures.load(requestId as PrivacyRequestId);
  const silent = { processorId, now };
  const outcome = await remindProcessor(proof, request, silent, recordOf(proof, request));
  return outcome === 'again' ? { outcome: 'more' } : DONE;
}

function recordOf(proof: Proof, request: PrivacyRequest) {
  return (kind: ActKind, processorId: string, at: EpochSeconds) =>
    proof.recordAct(actOfErasure(request, kind, at, processorId));
}
