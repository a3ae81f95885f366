import { describe, expect, it } from 'vitest';
import { parseTopology, TopologyError } from '../../lib/config.ts';

describe('topology from context', () => {
  it('is one cell in no particular region when nothing is configured', () => {
    expect(parseTopology({}, undefined)).toEqual({
      cells: [{ name: 'eu', region: undefined, countries: [], share: 1 }],
      primary: { name: 'eu', region: undefined, countries: [], share: 1 },
      domain: undefined,
    });
  });

  it.each([
    ['eu-central-1', 'eu'],
    ['us-east-1', 'us'],
    ['ap-southeast-2', 'ap'],
  ])(
    'names the only cell after %s, because the name tells where residents live',
    (region, name) => {
      expect(parseTopology({}, region).cells).toEqual([{ name, region, countries: [], share: 1 }]);
    },
  );

  it('takes a configured cell, from cdk.json or as text from the command line', () => {
    const cells = [{ name: 'de', region: 'eu-central-1', countries: ['DE', 'AT'], share: 1 }];
    const expected = { cells, primary: cells[0], domain: undefined };
    expect(parseTopology({ cells, primary: 'de' }, 'us-east-1')).toEqual(expected);
    expect(parseTopology({ cells: JSON.stringify(cells) }, undefined)).toEqual(expected);
  });

  it('takes several cells, each in a region of its own, the first one primary unless said', () => {
    const cells = [
      { name: 'eu', region: 'eu-central-1', countries: [], share: 1 },
      { name: 'us', region: 'us-east-1', countries: ['MX'], share: 1 },
    ];
    expect(parseTopology({ cells }, undefined)).toMatchObject({ cells, primary: cells[0] });
    expect(parseTopology({ cells, primary: 'us' }, undefined).primary).toEqual(cells[1]);
  });

  it('takes a domain with its zone, and counts its secrets from one', () => {
    const context = { domain: 'id.example.com', hostedZoneId: 'Z0123456789' };
    expect(parseTopology(context, 'eu-central-1').domain).toEqual({
      name: 'id.example.com',
      hostedZoneId: 'Z0123456789',
      edgeSecretGeneration: 1,
    });
    const changed = parseTopology({ ...context, edgeSecretGeneration: '2' }, 'eu-central-1');
    expect(changed.domain?.edgeSecretGeneration).toBe(2);
  });

  it.each([
    [{ cells: [{ name: 'EU' }] }, 'context "cells[0].name" is "EU": expected 2 to 8 small letters'],
    [
      { cells: [{ name: 'eu', region: 'Frankfurt' }] },
      'context "cells[0].region" is "Frankfurt": expected an AWS region',
    ],
    [{ cells: [] }, 'context "cells" is []: expected at least one cell'],
    [{ cells: 'eu,us' }, 'context "cells" is "eu,us": expected a JSON array of cells'],
    [
      { cells: [{ name: 'eu', zone: 'a' }] },
      'context "cells[0]" is {"name":"eu","zone":"a"}: expected name, region, countries and share, not zone',
    ],
    [{ cells: ['eu'] }, 'context "cells[0]" is "eu": expected a cell such as {"name":"eu"'],
    [{ edgeSecretGeneration: 'x' }, 'context "edgeSecretGeneration" is "x": expected a whole'],
    [{ edgeSecretGeneration: 2 }, 'context "edgeSecretGeneration" is given without "domain"'],
    [{ cells: [{ name: 'eu' }, { name: 'eu' }] }, 'context "cells" names eu twice'],
    [
      { cells: [{ name: 'eu', region: 'eu-central-1' }, { name: 'us' }] },
      'context "cells" gives us no region: with several cells each needs its own',
    ],
    [
      {
        cells: [
          { name: 'eu', region: 'eu-central-1' },
          { name: 'de', region: 'eu-central-1' },
        ],
      },
      'context "cells" puts eu and de into eu-central-1: each needs its own region',
    ],
    [
      { cells: [{ name: 'eu', countries: ['Austria'] }] },
      'context "cells[0].countries[0]" is "Austria": expected an ISO 3166-1 code',
    ],
    [{ cells: [{ name: 'eu', countries: ['AT', 'AT'] }] }, 'context "cells" names AT twice'],
    [{ cells: [{ name: 'eu', share: -1 }] }, 'context "cells[0].share" is -1: expected a number'],
    [{ cells: [{ name: 'eu', share: '2' }] }, 'context "cells[0].share" is "2": expected a number'],
    [{ cells: [{ name: 'eu', share: 0 }] }, 'context "cells" gives no cell a share'],
    [{ primary: 'us' }, 'context "primary" is "us", which is none of the cells: eu'],
    [
      { cells: [{ name: 'eu', countries: ['ZZ'] }] },
      'context "cells" names ZZ, which is no country of ISO 3166-1',
    ],
    [{ domain: 'ID.example.com' }, 'context "domain" is "ID.example.com": expected a host name'],
    [{ domain: 'https://id.example.com' }, 'context "domain" is "https://id.example.com"'],
    [{ domain: 'localhost' }, 'context "domain" is "localhost": expected a host name'],
    [
      { domain: 'id.example.com' },
      'context "domain" is "id.example.com" without "hostedZoneId": the Route 53 zone that holds it',
    ],
    [{ hostedZoneId: 'Z0123456789' }, 'context "hostedZoneId" is given without "domain"'],
    [
      { domain: 'id.example.com', hostedZoneId: '/hostedzone/Z0123456789' },
      'context "hostedZoneId" is "/hostedzone/Z0123456789": expected the id of a Route 53 zone',
    ],
    [
      { domain: 'id.example.com', hostedZoneId: 'Z0123456789' },
      'context "cells" gives eu no region: with a domain each cell needs one',
    ],
    [
      {
        cells: [{ name: 'origin', region: 'eu-central-1' }],
        domain: 'id.example.com',
        hostedZoneId: 'Z0123456789',
      },
      'context "cells" names a cell origin, whose host is taken',
    ],
    [{ edgeSecretGeneration: '0' }, 'context "edgeSecretGeneration" is "0": expected'],
  ])('refuses %j and names the value', (context, message) => {
    expect(() => parseTopology(context, undefined)).toThrow(TopologyError);
    expect(() => parseTopology(context, undefined)).toThrow(message);
  });
});
