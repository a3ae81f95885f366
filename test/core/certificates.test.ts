import { describe, expect, test } from 'vitest';
import {
  type CertifiedErasure,
  certificateClaims,
  readClaims,
} from '../../functions/core/certificates/claims.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type {
  PrivacyRequest,
  PrivacyRequestId,
} from '../../functions/core/ports/privacy-requests.ts';
import type { ErasureFacts } from '../../functions/core/privacy-requests/erasure-facts.ts';
import { addSeconds, toEpochSeconds } from '../../functions/core/time.ts';

const NOW = toEpochSeconds(Date.parse('2026-12-20T12:00:00Z'));
const sub = 'sub-1' as Sub;

const FACTS: Required<
  Pick<
    ErasureFacts,
    'committedAt' | 'keyDestroyedAt' | 'unreadableFrom' | 'itemsDeletedAt' | 'quarantinedUntil'
  >
> = {
  committedAt: NOW,
  keyDestroyedAt: addSeconds(NOW, 60),
  unreadableFrom: addSeconds(NOW, 86_460),
  itemsDeletedAt: addSeconds(NOW, 120),
  quarantinedUntil: addSeconds(NOW, 30 * 86_400),
};

const REQUEST: PrivacyRequest = {
  requestId: 'request-1' as PrivacyRequestId,
  kind: 'erasure',
  sub,
  state: 'awaiting-processors',
  requestedAt: addSeconds(NOW, -14 * 86_400),
  dueAt: addSeconds(NOW, 16 * 86_400),
  stateSince: NOW,
  actor: { type: 'person', sub },
  history: [],
  facts: { ...FACTS, deletedItems: { ACCOUNT: 1, SESSION: 3 } },
};

const ERASURE: CertifiedErasure = {
  certificateId: 'eu.AAAAAAAAAAAAAAAAAAAAAA',
  request: REQUEST,
  told: [],
  processors: [],
  places: {
    issuer: 'https://id.example.com',
    cell: 'eu',
    region: 'eu-central-1',
    dataTable: 'domicile-data-eu',
    keyTable: 'domicile-keys-eu',
  },
  now: NOW,
};

describe('a certificate of erasure', () => {
  test('names the account by its random id, and what was deleted where and when', () => {
    expect(certificateClaims(ERASURE)).toMatchObject({
      iss: 'https://id.example.com',
      jti: 'eu.AAAAAAAAAAAAAAAAAAAAAA',
      iat: NOW,
      sub,
      erasure: {
        requestedBy: 'person',
        closedAt: '2026-12-20T12:00:00.000Z',
        deleted: {
          region: 'eu-central-1',
          table: 'domicile-data-eu',
          items: { ACCOUNT: 1, SESSION: 3 },
          completedAt: '2026-12-20T12:02:00.000Z',
        },
        key: {
          destroyedAt: '2026-12-20T12:01:00.000Z',
          unreadableFrom: '2026-12-21T12:01:00.000Z',
        },
      },
    });
  });

  test.each(Object.keys(FACTS))('is not made before %s', (fact) => {
    const { [fact as keyof typeof FACTS]: _, ...facts } = FACTS;
    const request = { ...REQUEST, facts };
    expect(() => certificateClaims({ ...ERASURE, request })).toThrow(RangeError);
  });

  test('says so when somebody asked on the person’s behalf, and never why', () => {
    const actor = { type: 'client', clientId: 'back-office' as ClientId } as const;
    const request = { ...REQUEST, actor, reason: 'a letter of Ada Lovelace' };
    const claims = certificateClaims({ ...ERASURE, request });
    expect(claims.erasure.requestedBy).toBe('administrator');
    expect(JSON.stringify(claims)).not.toMatch(/Lovelace|back-office/);
  });

  test('tells of each processor what it answered, by its name while the policy has one', () => {
    const told = [
      { processorId: 'a', toldAt: NOW, until: NOW, reminders: 0, acknowledgedAt: NOW },
      { processorId: 'b', toldAt: NOW, until: NOW, reminders: 14, overdueAt: NOW },
    ];
    const processors = [{ id: 'a', name: 'A House', country: 'Ireland', answersExports: false }];
    const claims = certificateClaims({ ...ERASURE, told, processors });
    expect(claims.erasure.processors).toEqual([
      expect.objectContaining({
        ...{ id: 'a', name: 'A House', country: 'Ireland' },
        acknowledgedAt: '2026-12-20T12:00:00.000Z',
      }),
      expect.objectContaining({ id: 'b', name: 'b', overdueSince: '2026-12-20T12:00:00.000Z' }),
    ]);
  });

  test('tells what is kept and why, also what was kept without the person', () => {
    const request = { ...REQUEST, facts: { ...FACTS, anonymisedItems: { 'CONSENT-EVENT': 2 } } };
    const { kept } = certificateClaims({ ...ERASURE, request }).erasure;
    expect(kept).toHaveLength(5);
    // Nothing is certified that is not so: what no key of the person protects is named.
    const whatOf = (start: string) => kept.find(({ what }) => what.startsWith(start))?.what;
    // Signed before that day is over, it tells from when on a copy cannot be read.
    expect(whatOf('backups')).toMatch(/for 35 days: from key\.unreadableFrom on nothing of/);
    for (const name of [
      ...['times', 'choices', 'apps', 'truncated network addresses', 'reasons that operators gave'],
      ...['keyed hash of the address', 'Argon2id hash of the password', 'the last mail'],
      'where a code was mailed, the address',
    ]) {
      expect(whatOf('backups')).toContain(name);
    }
    expect(whatOf('the request')).toContain('the reason of an operator who asked');
    expect(whatOf('audit trail')).toContain('reasons that operators gave');
    for (const { what, why } of kept) {
      expect(what).not.toBe('');
      expect(why).toContain('GDPR');
    }
    expect(kept.at(-1)?.items).toBe(2);
  });

  test('is read from its signed form as it was written', () => {
    const claims = certificateClaims(ERASURE);
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(readClaims(`header.${payload}.signature`)).toEqual(claims);
  });
});
