import type { SigningKey } from '../../core/signing-key.ts';
import type { Operation } from '../operation.ts';

/** `keys.list`: the signing keys that verifiers know or soon will; with `all` those that are gone. */
export const listKeysOperation: Operation = async ({ rotations }, { all }) => {
  const { keys } = await rotations.load();
  const shown = keys.filter(({ state }) => all === true || state !== 'gone');
  return { result: { keys: shown.toSorted(byAlgorithmAndAge).map(describeKey) } };
};

function describeKey(key: SigningKey) {
  return {
    kid: key.kid,
    alg: key.algorithm,
    state: key.state,
    since_at: key.since,
    created_at: key.createdAt,
    key_id: key.keyId,
    ...(key.deletionScheduledAt !== undefined && {
      deletion_scheduled_at: key.deletionScheduledAt,
    }),
  };
}

function byAlgorithmAndAge(a: SigningKey, b: SigningKey): number {
  return a.algorithm.localeCompare(b.algorithm) || b.createdAt - a.createdAt;
}
