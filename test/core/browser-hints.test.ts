import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAcceptLanguage, parseUiLocales } from '../../functions/core/accept-language.ts';
import { toSourceNetwork } from '../../functions/core/source-network.ts';
import { describeUserAgent } from '../../functions/core/user-agent.ts';

describe('Accept-Language', () => {
  it.each([
    ['de-DE,de;q=0.9,en;q=0.8', ['de-DE', 'de', 'en']],
    ['en;q=0.1, de', ['de', 'en']],
    ['*', []],
    ['de;q=0', []],
    ['de;q=x', []],
    ['', []],
  ])('%s asks for %j', (header, tags) => {
    expect(parseAcceptLanguage(header)).toEqual(tags);
  });

  it('is read without failing, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(parseAcceptLanguage(header).length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('is answered like ui_locales, which passes nonsense over', () => {
    expect(parseUiLocales('de "> en-GB')).toEqual(['de', 'en-GB']);
  });
});

describe('a browser', () => {
  it.each([
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'Chrome on macOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge on Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['curl/8.5.0', undefined],
    ['', undefined],
  ])('%s is %s', (header, label) => {
    expect(describeUserAgent(header)).toBe(label);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s is %s', (address, network) => {
    expect(toSourceNetwork(address)).toBe(network);
  });
});
