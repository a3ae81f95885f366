import { describe, expect, it } from 'vitest';
import { AWS_LATENCY, NO_LATENCY } from '../../local/gateway/latency.ts';
import { requireResidency } from '../../local/gateway/residency.ts';
import type { AwsRequest } from '../../local/types.ts';

const ACCOUNT = '111122223333';
const PRIMARY = 'eu-central-1';
const KEY_LIFE = ['DescribeKey', 'DisableKey', 'ScheduleKeyDeletion'];

interface Call {
  readonly service: string;
  readonly resource: string;
  readonly name?: string;
  readonly operation?: string;
  readonly from?: string | undefined;
  readonly to?: string;
}

function requestOf(call: Call): AwsRequest {
  const { service, name = 'domicile-token', operation = 'Any', to = PRIMARY } = call;
  const from = 'from' in call ? call.from : 'us-east-1';
  return {
    service,
    region: to,
    operation,
    principal: {
      roleArn: `arn:aws:iam::${ACCOUNT}:role/any`,
      name,
      ...(from !== undefined && { region: from }),
    },
    headers: {},
    input: {},
  };
}

function cross(call: Call): void {
  const { service, to = PRIMARY, resource } = call;
  const arn = `arn:aws:${service}:${to}:${ACCOUNT}:${resource}`;
  requireResidency(requestOf(call), [arn], { primaryRegion: PRIMARY });
}

describe('the border between regions', () => {
  it.each<[string, Call]>([
    ["the primary's directory", { service: 'dynamodb', resource: 'table/domicile-directory' }],
    [
      'the token function of another cell',
      { service: 'lambda', to: 'ap-southeast-2', resource: 'function:domicile-token' },
    ],
    ...['interaction', 'privacy', 'privacy-admin'].map((surface): [string, Call] => [
      `the ${surface} function of another cell`,
      { service: 'lambda', resource: `function:domicile-${surface}` },
    ]),
    ...KEY_LIFE.map((operation): [string, Call] => [
      `the keys of other regions by ${operation}, for the function that rotates them`,
      { service: 'kms', resource: 'key/mrk-1', name: 'domicile-rotation', operation },
    ]),
    [
      'everything, for the operator',
      { service: 'dynamodb', resource: 'table/domicile-data-eu', from: undefined },
    ],
    [
      'everything in its own region',
      { service: 'dynamodb', resource: 'table/domicile-data-eu', from: PRIMARY },
    ],
  ])('lets a function reach %s', (_, call) => {
    expect(() => cross(call)).not.toThrow();
  });

  it.each<[string, Call]>([
    ['data table', { service: 'dynamodb', resource: 'table/domicile-data-eu' }],
    ['key table', { service: 'dynamodb', resource: 'table/domicile-keys-eu' }],
    [
      'table whose name only ends alike',
      { service: 'dynamodb', resource: 'table/not-domicile-directory' },
    ],
    [
      'directory where it is no more than a replica',
      { service: 'dynamodb', to: 'ap-southeast-2', resource: 'table/domicile-directory' },
    ],
    ['mail service', { service: 'ses', resource: 'identity/example.com' }],
    ['keys', { service: 'kms', resource: 'key/mrk-1' }],
    ['admin function', { service: 'lambda', resource: 'function:domicile-admin' }],
    ['erasure function', { service: 'lambda', resource: 'function:domicile-erasure' }],
    ['bus', { service: 'events', resource: 'event-bus/domicile-privacy' }],
    ['workflows', { service: 'states', resource: 'stateMachine:domicile-key-rotation' }],
  ])('refuses a function that reaches for the %s of another region', (_, call) => {
    expect(() => cross(call)).toThrow(
      expect.objectContaining({ code: 'ResidencyRefused', status: 403 }),
    );
  });

  it.each(['Decrypt', 'Encrypt', 'GenerateMac', 'Sign', 'CreateGrant', 'PutKeyPolicy'])(
    'refuses %s with the keys of other regions to whoever makes keys',
    (operation) => {
      for (const name of ['domicile-rotation', 'domicile-provision']) {
        const call = { service: 'kms', resource: 'key/mrk-1', name, operation };
        expect(() => cross(call)).toThrow(`${name} in us-east-1 may not call kms`);
      }
    },
  );

  it('refuses the life of keys of other regions to every other function', () => {
    for (const operation of KEY_LIFE) {
      const call = { service: 'kms', resource: 'key/mrk-1', name: 'domicile-provision', operation };
      expect(() => cross(call)).toThrow('may not call kms');
    }
  });

  it('refuses a transaction that names the directory and something else', () => {
    const arnOf = (table: string) => `arn:aws:dynamodb:${PRIMARY}:${ACCOUNT}:table/${table}`;
    const request = requestOf({ service: 'dynamodb', resource: '' });
    const resources = [arnOf('domicile-directory'), arnOf('domicile-data-eu')];
    const rules = { primaryRegion: PRIMARY };
    expect(() => requireResidency(request, resources, rules)).toThrow('may not call dynamodb');
    expect(() => requireResidency(request, [], rules)).toThrow('may not call dynamodb');
  });
});

describe('the latency profile', () => {
  const call = { service: 'dynamodb', resource: '' };
  const extraMs = (from: string | undefined, to: string) =>
    AWS_LATENCY(requestOf({ ...call, from, to })) -
    AWS_LATENCY(requestOf({ ...call, from: to, to }));

  it('adds the way to another region, the same in both directions', () => {
    expect(extraMs('eu-central-1', 'us-east-1')).toBe(93);
    expect(extraMs('us-east-1', 'eu-central-1')).toBe(93);
    expect(extraMs('eu-central-1', 'ap-southeast-2')).toBeGreaterThan(200);
  });

  it('adds something for regions whose distance it does not know', () => {
    expect(extraMs('eu-north-1', 'us-west-2')).toBeGreaterThan(0);
  });

  it('adds no way for callers outside all regions, and nothing at all unless asked for', () => {
    expect(extraMs(undefined, 'us-east-1')).toBe(0);
    expect(NO_LATENCY(requestOf({ ...call, from: 'eu-central-1', to: 'us-east-1' }))).toBe(0);
  });
});
