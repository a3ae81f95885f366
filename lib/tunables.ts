import type { TUNABLES } from '../functions/environment.ts';
import { PRIVACY_TUNABLE_SPECS } from './privacy-tunables.ts';
import { SIGN_IN_TUNABLE_SPECS } from './sign-in-tunables.ts';
import { TOKEN_TUNABLE_SPECS } from './token-tunables.ts';
import { MAILING, type Tunable, WRITING } from './tunable.ts';

export type TunableName = keyof typeof TUNABLES;

const HTTPS_URL_OR_EMPTY = '(https://[^\\s"<>]{1,500})?';

/**
 * What operators tune, by the key of its environment name in `functions/environment.ts`. Where two
 * limits bound one thing (idle ≤ absolute, grace < idle), the shorter one wins at run time, so that
 * no combination is wrong.
 */
export const TUNABLE_SPECS: Readonly<Record<TunableName, Tunable>> = {
  ...TOKEN_TUNABLE_SPECS,
  ...SIGN_IN_TUNABLE_SPECS,
  productName: {
    group: 'Pages',
    type: 'text',
    default: 'Domicile',
    pattern: '[^\\x00-\\x1f\\x7f<>"]{1,60}',
    maxLength: 60,
    expected: '1 to 60 characters without control characters, quotes or angle brackets',
    description: 'Your name on pages and in mail.',
    surfaces: MAILING,
  },
  termsUrl: {
    group: 'Pages',
    type: 'text',
    default: '',
    pattern: HTTPS_URL_OR_EMPTY,
    maxLength: 508,
    expected: 'empty, or a URL that starts with https://',
    description:
      'Your terms of use, which sign-up asks to accept; empty: those of the app, if it has any.',
    surfaces: ['interaction'],
  },
  privacyUrl: {
    group: 'Pages',
    type: 'text',
    default: '',
    pattern: HTTPS_URL_OR_EMPTY,
    maxLength: 508,
    expected: 'empty, or a URL that starts with https://',
    description: 'Your privacy notice, linked where people sign up.',
    surfaces: ['interaction'],
  },
  defaultLanguage: {
    group: 'Pages',
    type: 'choice',
    default: 'en',
    values: ['en', 'de'],
    description: 'Language for browsers that ask for none that the pages have.',
    surfaces: [...WRITING, 'privacy-admin'],
  },
  ...PRIVACY_TUNABLE_SPECS,
};
