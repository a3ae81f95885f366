import type { ErasureTraces, Traces } from '../core/ports/erasures.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';

const NOTHING: Traces = { identifiers: [], counters: [], salt: '' };

/** What `prepare` took down; nothing once a run before this one has come to its end. */
export async function findTraces(
  { traces }: { readonly traces: ErasureTraces },
  requestId: PrivacyRequestId,
): Promise<Traces> {
  return (await traces.find(requestId)) ?? NOTHING;
}
