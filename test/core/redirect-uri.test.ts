import { describe, expect, it } from 'vitest';
import {
  addToQuery,
  isRegisteredRedirectUri,
  toFormActionSource,
} from '../../functions/core/redirect-uri.ts';

const REGISTERED = [
  'https://shop.example/callback',
  'https://shop.example/callback?tenant=1',
  'http://127.0.0.1/callback',
  'http://[::1]:8080/callback',
  'com.example.app:/callback',
];

describe('a redirect URI', () => {
  it.each([
    ...REGISTERED,
    'http://127.0.0.1:49152/callback',
    'http://[::1]/callback',
    'http://[::1]:1/callback',
    'http://127.0.0.1:65535/callback',
  ])('%s is registered', (uri) => {
    expect(isRegisteredRedirectUri(REGISTERED, uri)).toBe(true);
  });

  it.each([
    '',
    'https://shop.example/callback/',
    'https://shop.example/Callback',
    'https://shop.example/callback?tenant=2',
    'https://shop.example/callback#fragment',
    'https://shop.example:443/callback',
    'https://shop.example/callback/../callback',
    'https://shop.example@evil.example/callback',
    'http://shop.example/callback',
    'http://localhost/callback',
    'http://127.0.0.1:49152/other',
    'http://127.0.0.1:49152@evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.0.0.1:65536/callback',
    'http://[::1]:99999/callback',
    'http://127.0.0.1:999999/callback',
    'https://127.0.0.1/callback',
    'com.example.app:/other',
  ])('%s is not', (uri) => {
    expect(isRegisteredRedirectUri(REGISTERED, uri)).toBe(false);
  });

  it('keeps its own query when response parameters are added', () => {
    expect(addToQuery('https://a.example/?x=1', { code: 'a b' })).toBe(
      'https://a.example/?x=1&code=a+b',
    );
    expect(addToQuery('com.example.app:/cb', { code: '1' })).toBe('com.example.app:/cb?code=1');
    expect(addToQuery('/account', {})).toBe('/account');
  });

  it('is allowed to forms by origin, or by scheme when it has none', () => {
    expect(toFormActionSource('https://shop.example:8443/cb?x=1')).toBe(
      'https://shop.example:8443',
    );
    expect(toFormActionSource('com.example.app:/callback')).toBe('com.example.app:');
  });
});
