import type { HashedIdentifier } from '../core/ids.ts';
import type { Traces } from '../core/ports/erasures.ts';
import { DONE, type State } from './state.ts';

/** Takes down what later states need of the person, while their profile can still be read. */
export const prepare: State = async (deps, { requestId }) => {
  const { erasures, profiles, contacts, directory, counters, collection } = deps;
  const { sub, facts } = await erasures.load(requestId);
  if (facts?.keyDestroyedAt !== undefined) return DONE;
  const salt = deps.randomToken();
  const account = await profiles.find(sub);
  if (account === undefined) {
    // Somebody else has destroyed the key: nobody is left to write to, but the address has to rest.
    const identifier = await collection.findIdentifier(sub);
    if (identifier !== undefined) {
      await deps.traces.keep(requestId, { identifiers: [identifier], counters: [], salt });
    }
    return DONE;
  }
  const { email, locale } = account.attributes;
  const identifier = await directory.hash('email', email);
  const counted = await counters.keysOf(sub, email, identifier);
  await contacts.keep(requestId, { email, locale });
  await deps.traces.keep(requestId, { ...tracesOf(identifier), counters: counted, salt });
  return DONE;
};

function tracesOf({ current, earlier }: HashedIdentifier): Pick<Traces, 'identifiers'> {
  return { identifiers: [current, ...earlier] };
}
