import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import type { SealPurpose } from '../../functions/core/ports/sealer.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { newKeyrings, newSharedKeyring, rotatedKeyrings } from './local-dynamo.ts';

const sealer = createSealer(newKeyrings());

const PURPOSES: ReadonlyArray<SealPurpose> = [
  'authorization-request',
  'form',
  'session-cookie',
  'device-cookie',
  'challenge',
  'challenge-link',
  'grant',
  'flow',
  'hand-over',
];

describe('sealed state', () => {
  it('gives back any JSON that was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (content) => {
        const opened = await sealer.open('form', await sealer.seal('form', content), NOW);
        expect(JSON.stringify(opened)).toBe(JSON.stringify(content));
      }),
      { numRuns: 50 },
    );
  });

  it('opens for no other purpose', async () => {
    const sealed = await sealer.seal('form', { a: 1 });
    expect(await sealer.open('session-cookie', sealed, NOW)).toBeUndefined();
  });

  it('opens for no other deployment', async () => {
    const stranger = createSealer(newKeyrings());
    for (const purpose of PURPOSES) {
      const sealed = await sealer.seal(purpose, { a: 1 });
      expect(await stranger.open(purpose, sealed, NOW)).toBeUndefined();
    }
  });

  it('opens in another cell only if it is on its way there', async () => {
    const shared = newSharedKeyring();
    const [home, elsewhere] = [shared, shared].map((ring) => createSealer(newKeyrings(ring)));
    const opened = await Promise.all(
      PURPOSES.map(async (purpose) => {
        const sealed = await home?.seal(purpose, 'x');
        return [purpose, await elsewhere?.open(purpose, String(sealed), NOW)];
      }),
    );
    expect(
      opened.filter(([, content]) => content !== undefined).map(([purpose]) => purpose),
    ).toEqual(['authorization-request', 'hand-over']);
  });

  it.each<SealPurpose>(['form', 'hand-over'])(
    'for %s still opens after the keyring was rotated; a version that is not there opens nothing',
    async (purpose) => {
      const { shared, cell } = rotatedKeyrings();
      const [early, late] = (['before', 'after'] as const).map((when) =>
        createSealer({ loadShared: async () => shared[when], loadCell: async () => cell[when] }),
      );
      if (early === undefined || late === undefined) throw new Error('no sealers');
      expect(await late.open(purpose, await early.seal(purpose, 'x'), NOW)).toBe('x');
      expect(await late.open(purpose, await late.seal(purpose, 'y'), NOW)).toBe('y');
      expect(await early.open(purpose, await late.seal(purpose, 'y'), NOW)).toBeUndefined();
    },
  );

  it('fails, rather than calling it forged, while the keyring cannot be read', async () => {
    const sealed = await sealer.seal('form', 'x');
    const busy = () => Promise.reject(new Error('busy'));
    const cut = createSealer({ loadShared: busy, loadCell: busy });
    await expect(cut.open('form', sealed, NOW)).rejects.toThrow('busy');
  });

  it('ends at the second that was given', async () => {
    const sealed = await sealer.seal('form', 'x', addSeconds(NOW, 10));
    expect(await sealer.open('form', sealed, addSeconds(NOW, 9))).toBe('x');
    expect(await sealer.open('form', sealed, addSeconds(NOW, 10))).toBeUndefined();
  });

  it('is never opened after any one character was changed', async () => {
    const sealed = await sealer.seal('form', { a: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'z', '.', '_'),
        async (at, c) => {
          const changed = sealed.slice(0, at) + c + sealed.slice(at + 1);
          // The last character of a base64url part may carry bits that mean nothing.
          fc.pre(changed !== sealed && at !== sealed.length - 1 && sealed[at + 1] !== '.');
          expect(await sealer.open('form', changed, NOW)).toBeUndefined();
        },
      ),
    );
  });

  it('never fails on nonsense', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (nonsense) => {
        expect(await sealer.open('form', nonsense, NOW)).toBeUndefined();
      }),
    );
    expect(await sealer.open('form', 'a.'.repeat(100_000), NOW)).toBeUndefined();
  });
});
