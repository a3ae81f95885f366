import type { Cell } from './config.ts';
import type { Text } from './parameter-spec.ts';

/** `https`, or `http` on this machine; no path and no trailing slash (RFC 8414 §2). */
const ORIGIN = '(https://[a-z0-9.-]{1,253}|http://(localhost|127\\.0\\.0\\.1))(:[0-9]{1,5})?';
const ORIGIN_LENGTH = 270;

/** Of what a header may hold, without the comma that stands between two. */
const SECRET = '[A-Za-z0-9+/=_.~-]{32,128}';

/**
 * Parameters of the Identity stack of several cells without a domain: somebody else's front stands
 * before them, and no cell knows what another one's API is called.
 */
export function addressSpecs(
  cells: ReadonlyArray<Pick<Cell, 'name'>>,
): Readonly<Record<'issuerUrl' | 'cellUrls' | 'frontSecret', Text>> {
  const names = cells.map(({ name }) => name);
  return {
    issuerUrl: {
      group: 'Addresses',
      type: 'text',
      default: undefined,
      pattern: ORIGIN,
      maxLength: ORIGIN_LENGTH,
      expected: 'a URL such as https://id.example.com, without a path',
      description:
        'Several cells without a domain: the issuer, which your front passes to any cell.',
    },
    cellUrls: {
      group: 'Addresses',
      type: 'text',
      default: undefined,
      pattern: names.map((name) => `${name}=${ORIGIN}`).join(','),
      maxLength: names.length * (ORIGIN_LENGTH + 10),
      expected: `one URL for each cell, ${names.map((name) => `${name}=https://…`).join(',')}`,
      description:
        "Several cells without a domain: where your front passes requests to one cell each. Hosts below the issuer's: cookies go no further, and functions do not start with others.",
    },
    frontSecret: {
      group: 'Addresses',
      type: 'text',
      default: '',
      pattern: `(${SECRET}(,${SECRET})?)?`,
      maxLength: 257,
      expected: 'empty, 32 to 128 letters, digits or +/=_.~-, or two such with a comma between',
      description:
        'Several cells without a domain: what your front proves itself with (header x-domicile-edge), two while it changes. Empty: its network address counts as the source of every request.',
      isSecret: true,
    },
  };
}
