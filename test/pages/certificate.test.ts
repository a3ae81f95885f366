import { describe, expect, test } from 'vitest';
import { renderCertificate } from '../../functions/pages/certificate/certificate-page.tsx';
import { LANGUAGE_TAGS } from '../../functions/pages/locale.ts';
import { CERTIFICATE } from './certificate-sample.ts';
import { PLAIN } from './samples.ts';

const { claims } = CERTIFICATE;
const { erasure } = claims;

describe.each(LANGUAGE_TAGS)('the page of a certificate in %s', (tag) => {
  const html = renderCertificate(CERTIFICATE, { ...PLAIN, locales: [tag] });

  test('is a whole document in that language, without script, and small', () => {
    expect(html).toMatch(
      new RegExp(`^<!doctype html><html lang="${tag}" dir="ltr">.*</html>$`, 's'),
    );
    expect(html.slice(html.indexOf('<body>'))).not.toMatch(/\{[a-z]+\}|undefined|\[object|<script/);
    expect(Buffer.byteLength(html)).toBeLessThan(18_000);
  });

  test('says all that the certificate says, each time for machines too', () => {
    for (const said of [
      claims.sub,
      CERTIFICATE.certificateId,
      erasure.deleted.table,
      erasure.deleted.region,
      'NEWER-ENTITY: 2',
      'Mail House (Germany)',
      '>gone-house<',
      erasure.kept[0]?.what ?? '',
      erasure.kept[0]?.why ?? '',
      `npm run verify-certificate -- ${CERTIFICATE.url}`,
    ]) {
      expect(html).toContain(said);
    }
    const times = JSON.stringify(CERTIFICATE).match(/\d{4}-\d\d-\d\dT[\d:]+Z/g) ?? [];
    expect(times).toHaveLength(9);
    for (const time of times) expect(html).toContain(`datetime="${time}"`);
  });

  test('leads to what machines read, and to the keys', () => {
    for (const href of [
      '?format=json',
      '?format=jwt',
      'https://id.example.com/.well-known/evidence-jwks.json',
    ]) {
      expect(html).toContain(`href="${href}"`);
    }
  });
});

test('says so where nothing was left, nobody else was told and an administrator asked', () => {
  const html = renderCertificate(
    {
      ...CERTIFICATE,
      claims: {
        ...claims,
        erasure: {
          ...erasure,
          requestedBy: 'administrator',
          deleted: { ...erasure.deleted, items: {} },
          processors: [],
        },
      },
    },
    PLAIN,
  );
  expect(html).toContain('nothing was left');
  expect(html).toContain('None.');
  expect(html).toContain('by an administrator on behalf of the person');
});

test('no claim becomes markup', () => {
  const evil = '<img src=x onerror=alert(1)>"\'<script>';
  const html = renderCertificate(
    {
      ...CERTIFICATE,
      claims: {
        sub: evil,
        erasure: {
          ...erasure,
          deleted: { ...erasure.deleted, region: evil, table: evil, items: { [evil]: 1 } },
          processors: [{ name: evil, country: evil }],
          kept: [{ what: evil, why: evil }],
        },
      },
    },
    { ...PLAIN, productName: evil },
  );
  expect(html).not.toMatch(/<img|<script/);
});
