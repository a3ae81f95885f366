/** Receipts after ISO/IEC TS 27560. */
import { describe, expect, test } from 'vitest';
import { receiptClaims } from '../../functions/core/consents/receipt.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { Purpose } from '../../functions/core/privacy-policy.ts';
import { choiceOf, hash, NOW, policyOf, purposeOf } from './consents-fixtures.ts';

describe('a receipt', () => {
  const sub = 'person' as Sub;
  const issuer = 'https://id.example.com';
  const claimsOf = (purpose: Purpose, changes = {}) =>
    receiptClaims(choiceOf(changes), { policy: policyOf([purpose]), issuer, sub, hash });

  test('says what was shown, by whom it is processed, and where to withdraw', () => {
    expect(claimsOf(purposeOf())).toMatchObject({
      iss: issuer,
      sub,
      jti: 'event',
      iat: NOW,
      header: { record_id: 'event', pii_principal_id: sub },
      processing: {
        language: 'en',
        purposes: [
          {
            purpose: 'product-news',
            lawful_basis: 'consent',
            retention_period: 'P2Y',
            pii_information: [{ pii_type: 'e-mail address' }],
            recipient_third_parties: ['mail-house'],
            withdrawal_method: '/account/privacy',
          },
        ],
      },
      shown: { title: 'News 1', description: 'We write to you.', version: '1' },
      event: [{ event_time: '2026-11-22T12:00:00.000Z', event_state: 'consent given' }],
      party_identification: [
        { party_id: 'controller', party_name: 'Shop Ltd' },
        { party_id: 'mail-house', party_role: 'processor' },
      ],
    });
  });

  test('makes up no words: what the policy has no longer stands there as a hash alone', () => {
    const shown = claimsOf(purposeOf(), { textHash: 'of other words' })['shown'];
    expect(shown).toEqual({
      version: '1',
      text_hash: 'of other words',
      text_hash_method: 'sha-256 of title, line feed, description; base64url',
      page: 'api',
    });
  });

  test('limits no consent in time: how long data is kept is another matter', () => {
    const claims = claimsOf(purposeOf());
    expect(claims['event']).toEqual([
      {
        event_time: '2026-11-22T12:00:00.000Z',
        event_type: 'api',
        event_state: 'consent given',
        entity_id: sub,
      },
    ]);
    expect(JSON.stringify(claims)).not.toContain('validity_duration');
  });

  test.each([
    ['form', sub],
    ['parent', 'parent'],
    ['administrator', 'controller'],
  ] as const)('names who answered: %s', (method, entity) => {
    expect(claimsOf(purposeOf(), { method })['event']).toMatchObject([{ entity_id: entity }]);
  });

  test('of a purpose that is no longer pursued is a receipt still', () => {
    const claims = claimsOf(purposeOf({ id: 'another' }));
    expect(claims).toMatchObject({ processing: { purposes: [{ purpose: 'product-news' }] } });
  });
});
