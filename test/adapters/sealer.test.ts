import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { newKeyring, rotatedKeyring } from './local-dynamo.ts';

const keyring = newKeyring();
const sealer = createSealer(async () => keyring);

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
    const sealed = await sealer.seal('form', { a: 1 });
    const stranger = createSealer(async () => newKeyring());
    expect(await stranger.open('form', sealed, NOW)).toBeUndefined();
  });

  it('still opens after the keyring was rotated; a version that is not there opens nothing', async () => {
    const { before, after } = rotatedKeyring();
    const early = createSealer(async () => before);
    const late = createSealer(async () => after);
    expect(await late.open('form', await early.seal('form', 'x'), NOW)).toBe('x');
    expect(await late.open('form', await late.seal('form', 'y'), NOW)).toBe('y');
    expect(await early.open('form', await late.seal('form', 'y'), NOW)).toBeUndefined();
  });

  it('fails, rather than calling it forged, while the keyring cannot be read', async () => {
    const sealed = await sealer.seal('form', 'x');
    const cut = createSealer(() => Promise.reject(new Error('busy')));
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
          fc.pre(changed !== sealed && at !== sealed.length - 1);
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
