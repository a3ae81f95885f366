import { describe, expect, it, vi } from 'vitest';
import {
  createLabelOpener,
  newLabelKeyPair,
  sealLabel,
} from '../../functions/adapters/crypto/label-keys.ts';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import { encodeAccount, openLabelKeys } from '../../functions/adapters/dynamodb/account-items.ts';
import type { Account } from '../../functions/core/account.ts';
import type { SessionId, Sub } from '../../functions/core/ids.ts';
import { NOW } from '../core/client-fixtures.ts';

const LABEL = 'Chrome on macOS';
const ada = { sub: 'ada' as Sub, sessionId: 'first' as SessionId };
const pair = newLabelKeyPair();
const open = createLabelOpener(pair);

describe('the label of a session', () => {
  it('is opened by the private half alone', async () => {
    const sealed = await sealLabel(pair.publicKey, ada, LABEL);
    expect(await open(ada, sealed)).toBe(LABEL);
    const stranger = newLabelKeyPair();
    expect(await createLabelOpener(stranger)(ada, sealed)).toBeUndefined();
    const { privateKey } = stranger;
    expect(await createLabelOpener({ ...pair, privateKey })(ada, sealed)).toBeUndefined();
  });

  it.each([
    ['session', { ...ada, sessionId: 'second' as SessionId }],
    ['person', { ...ada, sub: 'bob' as Sub }],
  ])('cannot be moved to another %s', async (_, elsewhere) => {
    const sealed = await sealLabel(pair.publicKey, ada, LABEL);
    expect(await open(elsewhere, sealed)).toBeUndefined();
  });

  it('is refused when a single character of it was changed', async () => {
    const parts = (await sealLabel(pair.publicKey, ada, LABEL)).split('.');
    for (const [index, part] of parts.entries()) {
      const altered = part.startsWith('A') ? `B${part.slice(1)}` : `A${part.slice(1)}`;
      const sealed = parts.with(index, altered).join('.');
      expect([index, await open(ada, sealed)]).toEqual([index, undefined]);
    }
    expect(await open(ada, '')).toBeUndefined();
  });

  it('costs no import of the private half once another one was opened', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey');
    const opener = createLabelOpener(pair);
    const sealed = await Promise.all([1, 2, 3].map(() => sealLabel(pair.publicKey, ada, LABEL)));
    const opened = await Promise.all(sealed.map((one) => opener(ada, one)));
    opened.push(await opener(ada, sealed[0] ?? ''));
    const ofPrivate = importKey.mock.calls.filter((call) => JSON.stringify(call).includes('"d":'));
    importKey.mockRestore();
    expect(opened).toEqual([LABEL, LABEL, LABEL, LABEL]);
    expect(ofPrivate).toHaveLength(1);
  });

  it('does not tell by its length which one it is, nor by its bytes that it is the same', async () => {
    const labels = ['Edge', LABEL, LABEL, 'Samsung Internet on ChromeOS'];
    const sealed = await Promise.all(labels.map((label) => sealLabel(pair.publicKey, ada, label)));
    expect(new Set(sealed.map(({ length }) => length)).size).toBe(1);
    expect(new Set(sealed).size).toBe(labels.length);
  });
});

describe('the key of a person’s labels', () => {
  const account: Account = {
    ...{ sub: ada.sub, status: 'active', emailVerified: true, createdAt: NOW, updatedAt: NOW },
    attributes: { email: 'ada@example.com', locale: 'en' },
  };
  const dataKey = newDataKey();
  const item = encodeAccount(account, dataKey, pair);

  it('stands in the account, the private half under the data key', () => {
    expect(openLabelKeys(ada.sub, item, dataKey)).toEqual(pair);
    expect(() => openLabelKeys(ada.sub, item, newDataKey())).toThrow();
    expect(() => openLabelKeys('bob' as Sub, item, dataKey)).toThrow();
    const bytes = Buffer.from(item['labelKey']?.M?.['private']?.B ?? []).toString('latin1');
    expect(bytes + JSON.stringify(item)).not.toContain(pair.privateKey);
  });

  it('is missing where there is none, which is no error', () => {
    const { labelKey: _, ...without } = item;
    expect(openLabelKeys(ada.sub, without, dataKey)).toBeUndefined();
  });
});
