import { describe, expect, test } from 'vitest';
import { hasPassedEdge, readAddressed } from '../../functions/http/edge.ts';
import { eventOf } from './events.ts';

const SECRET = 'a secret of thirty-two characters';
const EDGE = {
  host: 'api.execute-api.example',
  'x-domicile-edge': SECRET,
  'x-domicile-host': 'EU.id.example',
  'cloudfront-viewer-address': '198.51.100.7:46532',
};

describe('behind CloudFront', () => {
  test.each([
    ['passes with the secret', EDGE, true],
    ['is refused without it', { host: 'id.example' }, false],
    ['is refused with another', { ...EDGE, 'x-domicile-edge': `${SECRET}!` }, false],
    ['is refused with an empty one', { ...EDGE, 'x-domicile-edge': '' }, false],
  ] as const)('a request %s', (_, headers, passes) => {
    expect(hasPassedEdge(eventOf({ headers }), SECRET)).toBe(passes);
  });

  test.each([
    ['the new secret', 'new', true],
    ['the one before it', 'old', true],
    ['both at once', 'new,old', false],
    ['none', '', false],
  ])('while secrets change, %s is enough: %j', (_, proof, passes) => {
    const headers = { ...EDGE, 'x-domicile-edge': proof };
    expect(hasPassedEdge(eventOf({ headers }), 'new,old')).toBe(passes);
  });

  test('host and caller are those that the viewer was and asked for', () => {
    expect(readAddressed(eventOf({ headers: EDGE }), SECRET)).toStrictEqual({
      host: 'eu.id.example',
      sourceAddress: '198.51.100.7',
    });
  });

  test.each([
    ['2001:db8::17:46532', '2001:db8::17'],
    ['[2001:db8::17]:46532', '2001:db8::17'],
    ['nonsense', '192.0.2.1'],
  ])('the caller %s is %s', (viewer, sourceAddress) => {
    const headers = { ...EDGE, 'cloudfront-viewer-address': viewer };
    expect(readAddressed(eventOf({ headers }), SECRET).sourceAddress).toBe(sourceAddress);
  });
});

describe('without CloudFront', () => {
  test('every request passes, and none is believed what CloudFront would say', () => {
    const event = eventOf({ headers: EDGE });
    expect(hasPassedEdge(event, undefined)).toBe(true);
    expect(readAddressed(event, undefined)).toStrictEqual({
      host: 'api.execute-api.example',
      sourceAddress: '192.0.2.1',
    });
  });
});
