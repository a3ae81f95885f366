import { describe, expect, it } from 'vitest';
import {
  JWKS_MAX_AGE_SECONDS,
  JWKS_SHARED_MAX_AGE_SECONDS,
  LEAST_PUBLISHED_SECONDS,
  mayBegin,
  nextStepOf,
  planMoves,
  type Rotation,
  SIGNING_KEYS_KNOWN_FOR_SECONDS,
  secondsLeft,
  secondsUntilNextTry,
} from '../../functions/core/key-rotation.ts';
import {
  isPublished,
  SIGNING_ALGORITHMS,
  type SigningKey,
  type SigningKeyState,
} from '../../functions/core/signing-key.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { SIGNING_KEY_SPECS } from '../../lib/infrastructure-parameters.ts';
import { TUNABLE_SPECS } from '../../lib/tunables.ts';
import { NOW } from './client-fixtures.ts';

const HOUR = 3600;

/** Both keys of a generation. */
function generation(name: string, state: SigningKeyState): ReadonlyArray<SigningKey> {
  return SIGNING_ALGORITHMS.map((algorithm) => ({
    ...{ kid: `${name}-${algorithm}`, algorithm, keyId: 'mrk-1', jwk: { kty: 'EC', kid: 'k' } },
    ...{ state, generation: name, createdAt: NOW, since: NOW },
  }));
}

function states(keys: ReadonlyArray<SigningKey>, moves: ReturnType<typeof planMoves>) {
  const moved = new Map(moves.map(({ kid, to }) => [kid, to]));
  return keys
    .filter(({ algorithm }) => algorithm === 'ES256')
    .map((key) => `${key.generation} ${moved.get(key.kid) ?? key.state}`);
}

const ORDERLY = { executionId: 'new', mode: 'scheduled' } as const;
const EMERGENCY = { executionId: 'new', mode: 'emergency' } as const;

describe('what a step moves', () => {
  const CASES: ReadonlyArray<
    [Parameters<typeof planMoves>[0], SigningKeyState, SigningKeyState, ReadonlyArray<string>]
  > = [
    ['publish-next', 'created', 'active', ['new next', 'old active']],
    ['publish-next', 'next', 'active', ['new next', 'old active']],
    ['activate', 'next', 'active', ['new active', 'old retiring']],
    ['activate', 'active', 'retiring', ['new active', 'old retiring']],
    ['retire', 'active', 'retiring', ['new active', 'old gone']],
    ['retire', 'active', 'gone', ['new active', 'old gone']],
  ];
  it.each(CASES)('%s, with the new keys %s and the old ones %s', (step, own, other, expected) => {
    const keys = [...generation('new', own), ...generation('old', other)];
    expect(states(keys, planMoves(step, keys, ORDERLY))).toEqual(expected);
  });

  it('is nothing the second time', () => {
    const keys = [...generation('new', 'active'), ...generation('old', 'gone')];
    expect(planMoves('retire', keys, ORDERLY)).toEqual([]);
    expect(planMoves('activate', keys, ORDERLY)).toEqual([]);
  });

  it('at the end is also what another rotation left behind', () => {
    const left = [...generation('dead', 'next'), ...generation('deader', 'created')];
    const keys = [...generation('new', 'active'), ...left];
    expect(states(keys, planMoves('retire', keys, ORDERLY))).toEqual([
      'new active',
      'dead gone',
      'deader gone',
    ]);
  });

  it.each<SigningKeyState>(['created', 'next', 'active', 'retiring'])(
    'in an emergency is every old key, %s as it may be, once the new ones sign',
    (state) => {
      const keys = [...generation('new', 'active'), ...generation('old', state)];
      const moves = planMoves('revoke', keys, EMERGENCY);
      expect(states(keys, moves)).toEqual(['new active', 'old gone']);
      expect(moves.every(({ isRevoked }) => isRevoked)).toBe(true);
    },
  );

  it('in an emergency leaves a key that signs to whoever hears of half of it', () => {
    const keys = [...generation('new', 'created'), ...generation('old', 'active')];
    expect(states(keys, planMoves('activate', keys, EMERGENCY))).toEqual([
      'new active',
      'old retiring',
    ]);
    expect(() => planMoves('revoke', keys, EMERGENCY)).toThrow('out of order');
  });

  it.each<[string, Parameters<typeof planMoves>[0], ReadonlyArray<SigningKey>]>([
    ['a key for one algorithm alone', 'publish-next', generation('new', 'created').slice(1)],
    [
      'two for one algorithm',
      'publish-next',
      [...generation('new', 'next'), ...generation('new', 'next')],
    ],
    ['none', 'activate', generation('old', 'active')],
    ['keys that nobody has heard of', 'activate', generation('new', 'created')],
    ['keys that never signed, to put old ones away', 'retire', generation('new', 'next')],
  ])('is refused with %s', (_what, step, keys) => {
    expect(() => planMoves(step, keys, ORDERLY)).toThrow(/one key per algorithm|out of order/);
  });
});

describe('the waits of a rotation', () => {
  const { signingKeyPublishHours, signingKeyRetireHours } = SIGNING_KEY_SPECS;

  it('publish a key for longer than anybody keeps a JWK Set without it, whatever is chosen', () => {
    expect(LEAST_PUBLISHED_SECONDS).toBeGreaterThan(
      JWKS_MAX_AGE_SECONDS + JWKS_SHARED_MAX_AGE_SECONDS + SIGNING_KEYS_KNOWN_FOR_SECONDS,
    );
    expect(signingKeyPublishHours.min * HOUR).toBeGreaterThan(LEAST_PUBLISHED_SECONDS);
  });

  it('keep a key published for longer than any token that it signed, whatever is chosen', () => {
    const longest = Math.max(
      ...[TUNABLE_SPECS.accessTokenLifetimeSeconds, TUNABLE_SPECS.idTokenLifetimeSeconds].map(
        (spec) => ('max' in spec ? spec.max : Number.POSITIVE_INFINITY),
      ),
    );
    expect(signingKeyRetireHours.min * HOUR).toBeGreaterThan(
      longest + SIGNING_KEYS_KNOWN_FOR_SECONDS,
    );
  });

  it('for what may take seconds or a day become longer, up to a minute', () => {
    expect([0, 5, 30, 90, 86_400].map(secondsUntilNextTry)).toEqual([5, 5, 15, 45, 60]);
  });

  it('count what is left, and nothing once it is over', () => {
    expect(secondsLeft(NOW, 60, addSeconds(NOW, 45))).toBe(15);
    expect(secondsLeft(NOW, 60, addSeconds(NOW, 61))).toBe(0);
  });
});

describe('the lock', () => {
  const running: Rotation = {
    ...{ executionId: 'a', mode: 'scheduled', startedAt: NOW },
    ...{ step: 'begin', stepAt: NOW },
  };
  const afterDays = (days: number) => addSeconds(NOW, days * 24 * HOUR);

  it.each<[string, Rotation, Rotation['mode'], number, boolean]>([
    ['of a rotation that is running', running, 'on-demand', 3, false],
    ['of one that failed and may be redriven', running, 'scheduled', 74, false],
    ['of one that is dead', running, 'scheduled', 75, true],
    ['of one that has finished', { ...running, finishedAt: NOW }, 'scheduled', 0, true],
    ['of an orderly rotation, in an emergency', running, 'emergency', 0, true],
    ['of an emergency, in another', { ...running, mode: 'emergency' }, 'emergency', 0, false],
    ['of one that stopped on its way', { ...running, mode: 'emergency' }, 'emergency', 1, true],
    [
      'of one that waits for regions alone',
      { ...running, mode: 'emergency', step: 'revoke' },
      'emergency',
      0,
      true,
    ],
    ['of an emergency', { ...running, mode: 'emergency' }, 'scheduled', 3, false],
  ])('%s may be taken: %#', (_whose, recorded, mode, days, expected) => {
    expect(mayBegin(recorded, mode, afterDays(days))).toBe(expected);
  });

  it('says what comes next', () => {
    expect(nextStepOf({ ...running, step: 'publish-next' })).toBe('activate');
    expect(nextStepOf({ ...running, step: 'activate' })).toBe('retire');
    expect(nextStepOf({ ...running, step: 'activate', mode: 'emergency' })).toBe('revoke');
    expect(nextStepOf({ ...running, step: 'release' })).toBeUndefined();
  });
});

describe('the JWK Set', () => {
  it('has the keys that sign, soon will or lately did', () => {
    const all: ReadonlyArray<SigningKeyState> = ['created', 'next', 'active', 'retiring', 'gone'];
    expect(all.filter((state) => isPublished({ state }))).toEqual(['next', 'active', 'retiring']);
  });
});
