import { describe, expect, it } from 'vitest';
import { createGrantSecrets } from '../../functions/adapters/crypto/grant-secrets.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { OpenedRefreshToken } from '../../functions/core/ports/grants.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { newKeyrings, newSharedKeyring, rotatedKeyrings } from './local-dynamo.ts';

const FIRST: OpenedRefreshToken = {
  kind: 'refresh-token',
  ...{ sub: 'ada' as Sub, grantId: 'g', secret: 'x', scope: 'openid' },
  familyEndsAt: addSeconds(NOW, 100),
};

/** Two containers: one that knows the keyring from before it got a new version, one that does not. */
function containers() {
  const { shared, cell } = rotatedKeyrings();
  const [early, late] = (['before', 'after'] as const).map((when) => {
    const loadKeyring = async () => cell[when];
    const sealer = createSealer({ loadShared: async () => shared[when], loadCell: loadKeyring });
    return createGrantSecrets({ sealer, loadKeyring, cell: 'eu' });
  });
  if (early === undefined || late === undefined) throw new Error('no containers');
  return { early, late };
}

async function openedBy(
  secrets: ReturnType<typeof createGrantSecrets>,
  token: string,
): Promise<OpenedRefreshToken> {
  const opened = await secrets.open(token, NOW);
  if (opened?.kind !== 'refresh-token') throw new Error('no refresh token');
  return opened;
}

describe('the secret that follows a refresh token’s', () => {
  it('is the same for every container, whichever version of the keyring it has reached', async () => {
    const { early, late } = containers();
    const token = await early.seal(FIRST);
    const both = [await openedBy(early, token), await openedBy(late, token)] as const;
    expect(await early.successorOf(both[0])).toBe(await late.successorOf(both[1]));
  });

  it('is the same for two tokens that carry one secret, sealed under different versions', async () => {
    const { early, late } = containers();
    const opened = await openedBy(late, await early.seal(FIRST));
    const renewed = { ...opened, secret: await late.successorOf(opened) };
    const tokens = [await early.seal(renewed), await late.seal(renewed)];
    const next = await Promise.all(
      tokens.map(async (token) => late.successorOf(await openedBy(late, token))),
    );
    expect(next[0]).toBe(next[1]);
  });

  it('is another in another cell, so that nobody can foresee it there', async () => {
    const shared = newSharedKeyring();
    const [one, other] = await Promise.all(
      [newKeyrings(shared), newKeyrings(shared)].map((keyrings) =>
        createGrantSecrets({
          sealer: createSealer(keyrings),
          loadKeyring: keyrings.loadCell,
          cell: 'eu',
        }).successorOf({ ...FIRST, keyVersion: 1 }),
      ),
    );
    expect(one).not.toBe(other);
  });
});
