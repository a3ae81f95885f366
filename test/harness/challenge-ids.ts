/** Ids of challenges, which open their content: browsers have them, sealed, and no table does. */
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { toEpochSeconds } from '../../functions/core/time.ts';
import type { TestCloud } from './cloud.ts';
import type { KeyringsOfCells } from './markers-keys.ts';

/** Notes where every browser is led to wait for its code. */
export function listenForFlows(flows: Set<string>): typeof fetch {
  const original = globalThis.fetch;
  return async (input, init) => {
    const answer = await original(input, init);
    const location = answer.headers.get('location') ?? '';
    const state = new URL(location, 'http://any').searchParams.get('state');
    if (state !== null) flows.add(state);
    return answer;
  };
}

/** What is no state of ours, but an app's, holds none. */
export async function challengeIdsIn(
  cloud: TestCloud,
  flows: Iterable<string>,
  keyrings: KeyringsOfCells,
): Promise<ReadonlyArray<string>> {
  const cells = Object.keys(cloud.regions);
  const sealers = new Map(cells.map((cell) => [cell, createSealer(keyrings(cell))]));
  const opened = await Promise.all(
    [...flows].map((state) => {
      const [cell = '', ...sealed] = state.split('.');
      // Long ago, so that nothing has expired.
      return sealers.get(cell)?.open('flow', sealed.join('.'), toEpochSeconds(0));
    }),
  );
  return opened.flatMap((flow) => {
    const isFlow = typeof flow === 'object' && flow !== null && 'challengeId' in flow;
    return isFlow ? [String(flow.challengeId)] : [];
  });
}
