import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ACT_KINDS } from '../../functions/core/audit/act.ts';
import { createDocumentWriter, jsonFormat } from '../../functions/core/exports/export-document.ts';
import { EXPORT_SCHEMA } from '../../functions/core/exports/export-schema.ts';
import { afterPage, BEGINNING, EXPORT_SOURCES } from '../../functions/core/exports/progress.ts';
import {
  countRecords,
  EXPORT_SECTIONS,
  parseLine,
  SECTION_NAMES,
  type SectionedRecord,
  toLines,
} from '../../functions/core/exports/sections.ts';
import { htmlFormat } from '../../functions/pages/export/export-page.tsx';
import { de } from '../../functions/pages/export/words-de.ts';
import { en } from '../../functions/pages/export/words-en.ts';
import { NOW } from './client-fixtures.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</section></main>&lt;',
];

const HEAD = { $schema: 'https://id.example.com/schema', format: 'domicile-export/1' };

function write(records: ReadonlyArray<SectionedRecord>) {
  const document = createDocumentWriter(jsonFormat(HEAD));
  return document.begin() + records.map(document.add).join('') + document.end();
}

describe('the file for machines', () => {
  it('has every section, also those of which nothing is held', () => {
    const json = JSON.parse(write([]));
    expect(json).toMatchObject(HEAD);
    for (const name of SECTION_NAMES) {
      expect(json[name]).toEqual(EXPORT_SECTIONS[name] === 'one' ? null : []);
    }
  });

  it('is JSON that holds what was collected, whatever that is', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue());
    const collected = fc.record({
      profile: fc.array(values, { maxLength: 1 }),
      sessions: fc.array(values, { maxLength: 3 }),
      processors: fc.array(values, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(collected, (sections) => {
        const records = (['profile', 'sessions', 'processors'] as const).flatMap((section) =>
          sections[section].map((record) => ({ section, record })),
        );
        const lines = toLines(records)
          .split('\n')
          .filter((line) => line !== '');
        const json = JSON.parse(write(lines.map(parseLine)));
        const plain = JSON.parse(JSON.stringify(sections));
        expect(json.profile).toEqual(plain.profile[0] ?? null);
        expect(json.sessions).toEqual(plain.sessions);
        expect(json.processors).toEqual(plain.processors);
      }),
      { numRuns: 50 },
    );
  });

  it('is not written out of order: a section that is closed stays closed', () => {
    const session = { section: 'sessions', record: {} } as const;
    expect(() => write([session, { section: 'grants', record: {} }])).toThrow('out of order');
  });

  it('names the schema that is published with this version', () => {
    const file = new URL('../../docs/schemas/export.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(EXPORT_SCHEMA);
    const sections = Object.keys(EXPORT_SCHEMA['properties'] ?? {});
    expect(sections).toEqual(expect.arrayContaining([...SECTION_NAMES]));
    expect(() => z.fromJSONSchema(EXPORT_SCHEMA)).not.toThrow();
  });
});

function page(records: ReadonlyArray<SectionedRecord>, language = 'en'): string {
  const document = createDocumentWriter(
    htmlFormat({
      head: { ...HEAD, purposes: [{ title: HOSTILE[0] ?? '' }] },
      counts: countRecords({}, records),
      productName: HOSTILE[0] ?? '',
      languages: [language],
    }),
  );
  return document.begin() + records.map(document.add).join('') + document.end();
}

describe('the file to read', () => {
  it('shows what somebody wrote as text, wherever it stands', () => {
    for (const hostile of HOSTILE) {
      const record = { device: hostile, [hostile]: [hostile, { [hostile]: hostile }] };
      const html = page([{ section: 'sessions', record }]);
      expect(html).not.toContain(hostile);
      expect(html).not.toMatch(/<script|<img|<iframe/i);
    }
  });

  it('shows as text what looks like a time and is none, as databases elsewhere have it', () => {
    for (const written of ['0000-00-00T00:00:00Z', '2026-13-01T00:00:00Z']) {
      expect(page([{ section: 'processors', record: { written } }])).toContain(written);
    }
    const html = page([{ section: 'processors', record: { written: '2026-11-22T12:00:00Z' } }]);
    expect(html).toContain('<time datetime="2026-11-22T12:00:00Z">');
  });

  it('says for how long in words, and leaves alone what is no duration', () => {
    const shown = (retention: string, language: string) =>
      page([{ section: 'processors', record: { retention } }], language);
    expect(shown('P2Y6M', 'en')).toContain('2 years and 6 months');
    expect(shown('P2Y', 'de')).toContain('2 Jahre');
    for (const none of ['P', 'for ever']) expect(shown(none, 'en')).toContain(`<bdi>${none}</bdi>`);
  });

  it.each([
    ['en', ['Text message', 'Push message', 'E-mail'], 'E-mail address'],
    ['de', ['SMS', 'Push-Mitteilung', 'E-Mail'], 'E-Mail-Adresse'],
  ] as const)('calls the channels of a topic by words: %s', (language, channels, address) => {
    const record = { topics: { offers: { sms: true, push: false, email: true } } };
    const html = page([{ section: 'preferences', record }], language);
    for (const channel of channels) expect(html).toContain(`<dt>${channel}</dt>`);
    const other = page([{ section: 'processors', record: { email: 'a@example.com' } }], language);
    expect(other).toContain(`<dt>${address}</dt>`);
  });

  it('calls no file by a name that it does not have once it is downloaded', () => {
    for (const language of ['en', 'de']) expect(page([], language)).not.toContain('export.json');
  });

  it('loads nothing and runs nothing', () => {
    const html = page([]);
    expect(parse(html).querySelector('meta[http-equiv]')?.getAttribute('content')).toContain(
      "default-src 'none'",
    );
    expect(html).not.toMatch(/\ssrc=|<link|url\(|@import/);
  });

  it('is written in the language of the account, German too', () => {
    expect(page([], 'de-AT')).toContain('<html lang="de"');
    expect(page([], 'de')).toContain('Wo Sie angemeldet sind');
    expect(page([], 'fr')).toContain('Where you are signed in');
  });

  it('has a word in both languages for whatever the schema names', () => {
    const members = (schema: unknown): ReadonlyArray<string> => {
      if (typeof schema !== 'object' || schema === null) return [];
      const named = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
      return [...named, ...Object.values(schema).flatMap(members)];
    };
    const named = new Set(members(EXPORT_SCHEMA));
    for (const name of [...SECTION_NAMES, '$schema', 'format', 'purposes']) named.delete(name);
    for (const words of [en, de]) {
      expect([...named].filter((name) => !Object.hasOwn(words.labels, name))).toEqual([]);
    }
    expect(Object.keys(de.labels).sort()).toEqual(Object.keys(en.labels).sort());
    expect(Object.keys(de.values).sort()).toEqual(Object.keys(en.values).sort());
  });
});

describe('what happened, in the file to read', () => {
  const acts = (language: string, actor = 'person:k0pM2') =>
    page(
      ACT_KINDS.map((kind) => ({ section: 'activity', record: { kind, actor } })),
      language,
    );

  it.each(['en', 'de'])('is told in words, and not in the ids of its kinds: %s', (language) => {
    const html = acts(language);
    expect(ACT_KINDS.filter((kind) => html.includes(kind))).toEqual([]);
    expect(html).not.toContain('k0pM2');
  });

  it('is told in other words in each language', () => {
    expect(ACT_KINDS.filter((kind) => de.acts[kind] === en.acts[kind])).toEqual([]);
    expect(acts('de')).toContain('<bdi>Passwort geändert</bdi>');
  });

  it.each([
    ['person:k0pM2', 'you'],
    ['client:k0pM2', 'an app, or our staff (k0pM2)'],
    ['system:processor:mail-house', 'the service itself (processor:mail-house)'],
    ['anonymous', 'somebody who had not signed in'],
    ['Humphrey: Bogart', 'Humphrey: Bogart'],
  ])('says who did it: %s', (actor, words) => {
    expect(acts('en', actor)).toContain(`<bdi>${words}</bdi>`);
  });
});

describe('collecting', () => {
  it('goes from page to page and from source to source, and knows when it is done', () => {
    let progress = afterPage(BEGINNING, { source: 'collection', cursor: 'SESSION#1', now: NOW });
    expect(progress).toMatchObject({ source: 'collection', cursor: 'SESSION#1' });
    for (const source of EXPORT_SOURCES) progress = afterPage(progress, { source, now: NOW });
    expect(progress).toEqual({ parts: 0, counts: {}, collectedAt: NOW });
  });
});
