import { expect, test } from 'vitest';
import type { Act } from '../../functions/core/audit/act.ts';
import type { AuditHour } from '../../functions/core/audit/hours.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type { ActRow } from '../../functions/pages/privacy-views.ts';
import { actRow, appsOf } from '../../functions/privacy/pages/act-rows.ts';
import { NOW } from '../core/client-fixtures.ts';

const SUB = 'ada' as Sub;
const SHOP = 'shop' as ClientId;
const OPERATOR = { type: 'client', clientId: 'office' as ClientId } as const;
const PERSON = { type: 'person', sub: SUB } as const;
const ANOTHER = { type: 'person', sub: 'eve' as Sub } as const;
const MAIL_HOUSE = { id: 'mail-house', name: 'Mail House', country: 'Germany' };
const POLICY = { processors: [{ ...MAIL_HOUSE, answersExports: true }] };

function told(act: Pick<Act, 'kind' | 'actor'> & Partial<Act>) {
  const hour = '2026-11-22T14:00Z' as AuditHour;
  return { id: 'id', sub: SUB, at: NOW, from: '198.51.100.0/24', hour, ...act };
}

const row = (act: Parameters<typeof told>[0]) =>
  actRow(told(act), { names: new Map([['shop', 'Corner Shop']]), policy: POLICY });

test.each<[string, Parameters<typeof told>[0], Partial<ActRow>]>([
  [
    'one’s own sign-in, with its network',
    { kind: 'session.begun', actor: PERSON, object: 'session' },
    { act: 'session.begun', network: '198.51.100.0/24' },
  ],
  [
    'an app that somebody signed in to, by its name',
    { kind: 'grant.issued', actor: PERSON, object: SHOP },
    { act: 'grant.issued', name: 'Corner Shop', network: '198.51.100.0/24' },
  ],
  [
    'what was done in an app, and what it was about, and no network of its servers',
    { kind: 'preferences.changed', actor: { ...PERSON, clientId: SHOP }, object: 'topics' },
    {
      act: 'preferences.changed',
      about: 'topics',
      inApp: 'Corner Shop',
    },
  ],
  [
    'an app that gave its access back itself, and no network of its servers',
    { kind: 'grant.revoked', actor: { type: 'client', clientId: SHOP }, object: SHOP },
    { act: 'grant.revoked', name: 'Corner Shop', by: 'app' },
  ],
  [
    'an app whose access ended since an operator asked for an erasure',
    { kind: 'grant.revoked', actor: OPERATOR, object: SHOP, reason: 'a letter' },
    { act: 'grant.revoked', name: 'Corner Shop', by: 'staff' },
  ],
  [
    'what another person did, and neither their network nor their app',
    { kind: 'session.ended', actor: { ...ANOTHER, clientId: SHOP }, object: 'session' },
    { act: 'session.ended' },
  ],
  [
    'an operator, and neither why nor from where (GDPR Art. 15(4), 23)',
    { kind: 'person.looked-up', actor: OPERATOR, reason: 'an investigation' },
    { act: 'person.looked-up', by: 'staff' },
  ],
  [
    'a processor by its name, as it was told',
    { kind: 'processor.told', actor: { type: 'system', name: 'erasure' }, reason: 'mail-house' },
    { act: 'processor.told', name: 'Mail House' },
  ],
  [
    'a processor that has answered, by its id when the policy has it no more',
    { kind: 'processor.acknowledged', actor: { type: 'system', name: 'processor:old-house' } },
    { act: 'processor.acknowledged', name: 'old-house' },
  ],
  [
    'what a workflow did',
    { kind: 'export.expired', actor: { type: 'system', name: 'export' }, object: 'request' },
    { act: 'export.expired', by: 'system' },
  ],
])('the history tells of %s', (_, act, wanted) => {
  expect(row(act)).toEqual({ kind: 'act', at: NOW, ...wanted });
});

test('asks for the names of those apps alone that it tells of', () => {
  const inShop = { ...PERSON, clientId: SHOP };
  expect(appsOf(told({ kind: 'preferences.changed', actor: inShop, object: 'topics' }))).toEqual([
    SHOP,
  ]);
  expect(appsOf(told({ kind: 'person.looked-up', actor: OPERATOR }))).toEqual([]);
});
