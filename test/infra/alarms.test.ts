import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { propertiesOf, resourcesOf, threeCells } from './synthesized.ts';

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
/** Of the primary of three cells, and of one that is not: together every alarm that there is. */
const ofPrimary = alarmsOf('Operations-eu');
const ofOther = alarmsOf('Operations-us');
const known = new Set(ofPrimary.map(({ name }) => name));
const alarms = [...ofPrimary, ...ofOther.filter(({ name }) => !known.has(name))];

function alarmsOf(id: string) {
  return threeCells
    .propertiesOf(id, 'AWS::CloudWatch::Alarm')
    .map((alarm) => ({ name: String(alarm['AlarmName']), alarm }));
}

describe('alarms', () => {
  it.each(alarms)('$name says what customers lose and where to read on', ({ alarm }) => {
    const description = String(alarm['AlarmDescription']);
    const match = /^Impact: \S.{20,}\. Runbook: docs\/runbook\.md#([a-z0-9-]+)$/.exec(description);
    expect(match, description).not.toBeNull();
    expect(sectionOf(match?.[1] ?? '')).toMatch(
      /\*\*Customers (lose|risk)\*\*.*\*\*See\.\*\*.*\*\*Do\.\*\*.*\*\*Over\*\*/s,
    );
  });

  it.each(alarms)(
    '$name notifies the topic, when there is one, of trouble and of its end',
    ({ alarm }) => {
      const notify = [
        {
          'Fn::If': [
            'HasNotificationTopic',
            { Ref: 'NotificationTopicArn' },
            { Ref: 'AWS::NoValue' },
          ],
        },
      ];
      expect(alarm).toMatchObject({ AlarmActions: notify, OKActions: notify });
    },
  );

  it.each(alarms)('$name does not ring because nothing happens', ({ alarm }) => {
    expect(alarm['TreatMissingData']).toBe('notBreaching');
  });

  it('watch everything that can fail, and every runbook section of an alarm has one', () => {
    const single = propertiesOf('Operations-eu', 'AWS::CloudWatch::Alarm');
    expect(single.map(({ AlarmName: name }) => name).sort()).toMatchInlineSnapshot(`
      [
        "domicile-account-errors",
        "domicile-account-slow",
        "domicile-account-throttled",
        "domicile-acts-lost",
        "domicile-api-errors",
        "domicile-audit-behind",
        "domicile-audit-unsealed",
        "domicile-data-errors",
        "domicile-data-throttled",
        "domicile-directory-errors",
        "domicile-directory-throttled",
        "domicile-erasure-failed",
        "domicile-erasure-replay-failed",
        "domicile-erasure-throttled",
        "domicile-export-failed",
        "domicile-export-throttled",
        "domicile-interaction-errors",
        "domicile-interaction-slow",
        "domicile-interaction-throttled",
        "domicile-key-rotation-failed",
        "domicile-keys-errors",
        "domicile-keys-throttled",
        "domicile-mail-bounces",
        "domicile-mail-complaints",
        "domicile-privacy-admin-errors",
        "domicile-privacy-admin-slow",
        "domicile-privacy-admin-throttled",
        "domicile-privacy-errors",
        "domicile-privacy-slow",
        "domicile-privacy-throttled",
        "domicile-processor-overdue",
        "domicile-records-errors",
        "domicile-records-throttled",
        "domicile-request-overdue",
        "domicile-sign-in-failures",
        "domicile-signing-es256-near-quota",
        "domicile-signing-rs256-near-quota",
        "domicile-token-errors",
        "domicile-token-slow",
        "domicile-token-throttled",
      ]
    `);
    const [part = ''] = runbook.split('\n# By hand\n');
    const sections = [...part.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    const linked = new Set(
      alarms.map(({ alarm }) => String(alarm['AlarmDescription']).split('#')[1]),
    );
    expect(sections.sort()).toEqual([...linked].sort());
  });

  it('watch what cells do for each other, where there are several', () => {
    const single = propertiesOf('Operations-eu', 'AWS::CloudWatch::Alarm');
    const ofSingle = new Set(single.map(({ AlarmName: name }) => name));
    const added = (all: typeof alarms) =>
      all.map(({ name }) => name).filter((name) => !ofSingle.has(name));
    expect(added(ofPrimary)).toEqual([
      'domicile-directory-behind-in-us',
      'domicile-directory-behind-in-ap',
      'domicile-hand-overs-refused',
      'domicile-cell-calls-failing',
    ]);
    expect(added(ofOther)).toEqual([
      'domicile-hand-overs-refused',
      'domicile-cell-calls-failing',
      'domicile-claims-pending',
    ]);
    expect(ofOther.map(({ name }) => name)).not.toContain('domicile-key-rotation-failed');
  });

  it('are backed by one dashboard', () => {
    expect(resourcesOf('Operations-eu', 'AWS::CloudWatch::Dashboard')).toHaveLength(1);
  });
});

function sectionOf(anchor: string): string {
  return runbook.split(/^## /m).find((section) => section.startsWith(`${anchor}\n`)) ?? '';
}
