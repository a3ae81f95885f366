import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { isValidSecret } from '../../functions/core/client-authentication.ts';
import { rotateSecrets } from '../../functions/core/client-secrets.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { clientWith, NOW } from './client-fixtures.ts';

const equal = (a: string, b: string) => a === b;
const first = rotateSecrets([], hashSecret('one'), { now: NOW, overlapSeconds: 60 });
const second = rotateSecrets(first, hashSecret('two'), { now: NOW, overlapSeconds: 60 });

function accepts(secrets: typeof first, secret: string, afterSeconds = 0): boolean {
  const client = { ...clientWith(), secrets };
  return isValidSecret(client, hashSecret(secret), addSeconds(NOW, afterSeconds), equal);
}

describe('rotating a client secret', () => {
  it('lets the new one work at once and the old one until the overlap ends', () => {
    expect(accepts(second, 'two')).toBe(true);
    expect(accepts(second, 'one', 59)).toBe(true);
    expect(accepts(second, 'one', 60)).toBe(false);
    expect(accepts(second, 'two', 60)).toBe(true);
  });

  it('without overlap ends the old one at once', () => {
    const rotated = rotateSecrets(first, hashSecret('two'), { now: NOW, overlapSeconds: 0 });
    expect(accepts(rotated, 'one')).toBe(false);
  });

  it('never leaves more than two', () => {
    const third = rotateSecrets(second, hashSecret('three'), { now: NOW, overlapSeconds: 60 });
    expect(third).toHaveLength(2);
    expect(accepts(third, 'one')).toBe(false);
    expect(accepts(third, 'two')).toBe(true);
  });
});
