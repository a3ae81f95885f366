import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, TUNABLES } from '../../functions/environment.ts';
import { withParameterTable } from '../../lib/parameter-table.ts';
import { parameterName } from '../../lib/parameters.ts';
import { HTTP_SURFACES, PRIVACY_TASKS } from '../../lib/surfaces.ts';
import { TUNABLE_SPECS } from '../../lib/tunables.ts';
import { resolveParameters } from '../../local/template/parameters.ts';
import { ParameterError } from '../../local/template/template-error.ts';
import { propertiesOf, STACKS, templateOf, threeCells } from './synthesized.ts';

const parameters = STACKS.flatMap((stack) =>
  Object.entries(templateOf(stack).Parameters ?? {})
    .filter(([name]) => name !== 'BootstrapVersion')
    .map(([name, parameter]) => ({ name, parameter })),
);

/** By the rules of CloudFormation, as the local cloud applies them. */
function give(name: string, value: string): () => unknown {
  const declared = parameters.find((candidate) => candidate.name === name);
  if (declared === undefined) throw new Error(`no parameter ${name}`);
  const template = { Parameters: { [name]: declared.parameter }, Resources: {} };
  const stack = { name: 'stack', region: 'eu-central-1', template, assemblyDirectory: '' };
  return () => resolveParameters(stack, { [name]: value });
}

describe('stack parameters', () => {
  it.each(parameters)(
    '$name has a description, a default and a range, list or pattern',
    ({ parameter }) => {
      expect(parameter.Description).toMatch(/^[A-Z].+\.$/);
      expect(parameter.ConstraintDescription).toBeTruthy();
      expect(parameter.Default).toBeDefined();
      if (parameter.Type === 'Number') {
        expect(parameter.MinValue).toBeLessThanOrEqual(Number(parameter.Default));
        expect(parameter.MaxValue).toBeGreaterThanOrEqual(Number(parameter.Default));
      } else {
        expect(parameter.AllowedPattern ?? parameter.AllowedValues).toBeDefined();
      }
    },
  );

  it.each(parameters)('$name accepts its own default', ({ name, parameter }) => {
    expect(give(name, String(parameter.Default))).not.toThrow();
  });

  it.each([
    ['AccessTokenLifetimeSeconds', '59'],
    ['AccessTokenLifetimeSeconds', '3601'],
    ['PasswordMinimumLength', '7'],
    ['Argon2MemoryKiB', '1024'],
    ['SelfRegistration', 'yes'],
    ['DefaultLanguage', 'fr'],
    ['LogRetentionDays', '42'],
    ['FromAddress', 'no-reply'],
    ['FromAddress', 'Shop <no-reply@example.com>'],
    ['FromAddress', 'a@example.com\nbcc: b@example.com'],
    ['ProductName', ''],
    ['ProductName', '<script>'],
    ['TermsUrl', 'http://example.com/terms'],
    ['TermsUrl', 'javascript:alert(1)'],
    ['NotificationTopicArn', 'arn:aws:sqs:eu-central-1:111122223333:queue'],
  ])('%s refuses %j', (name, value) => {
    expect(give(name, value)).toThrow(ParameterError);
    expect(give(name, value)).toThrow(name);
  });

  it.each([
    ['FromAddress', 'no-reply@mail.example.co.uk'],
    ['TermsUrl', 'https://example.com/terms?lang=en'],
    ['ProductName', 'Müller & Söhne’s Shop'],
    ['NotificationTopicArn', 'arn:aws:sns:eu-central-1:111122223333:on-call'],
    ['NotificationTopicArn', ''],
  ])('%s accepts %j', (name, value) => {
    expect(give(name, value)).not.toThrow();
  });

  it('cover every tunable that functions know', () => {
    const names = new Set(parameters.map(({ name }) => name));
    const missing = Object.keys(TUNABLES).filter((key) => !names.has(parameterName(key)));
    expect(missing).toEqual([]);
  });

  it('reach the functions that read them and no others', () => {
    const tunables = Object.entries(TUNABLES);
    const surfaces = (['Identity-eu', 'Privacy-eu'] as const).flatMap((stack) =>
      propertiesOf(stack, 'AWS::Lambda::Function'),
    );
    for (const properties of surfaces) {
      const surface = String(properties['FunctionName']).replace('domicile-', '');
      const { Variables } = properties['Environment'] as { Variables: Record<string, unknown> };
      const given = Object.keys(Variables).filter((name) => !isTopological(name));
      const expected = Object.entries(TUNABLE_SPECS)
        .filter(([, spec]) => spec.surfaces.some((reader) => reader === surface))
        .map(([key]) => tunables.find(([tunable]) => tunable === key)?.[1]);
      expect(given.sort()).toEqual(expected.sort());
    }
  });
});

describe('addresses of several cells without a domain', () => {
  const declared = threeCells.templateOf('Identity-us').Parameters ?? {};
  const three = (eu: string, us: string, ap: string) => `eu=${eu},us=${us},ap=${ap}`;

  function giveAddress(
    name: 'IssuerUrl' | 'CellUrls' | 'FrontSecret',
    value: string,
  ): () => unknown {
    const parameter = declared[name];
    if (parameter === undefined) throw new Error(`no parameter ${name}`);
    const template = { Parameters: { [name]: parameter }, Resources: {} };
    const stack = { name: 'stack', region: 'us-east-1', template, assemblyDirectory: '' };
    return () => resolveParameters(stack, { [name]: value });
  }

  it.each(['IssuerUrl', 'CellUrls'])('%s has to be said: no default could be right', (name) => {
    expect(declared[name]).toBeDefined();
    expect(declared[name]?.Default).toBeUndefined();
  });

  it('FrontSecret is shown to nobody, and every function behind the API is given it', () => {
    expect(declared['FrontSecret']).toMatchObject({ NoEcho: true, Default: '' });
    const behind = threeCells
      .propertiesOf('Identity-us', 'AWS::Lambda::Function')
      .map(({ Environment }) => Environment as { Variables: Record<string, unknown> });
    expect(behind.length).toBeGreaterThanOrEqual(3);
    for (const { Variables } of behind)
      expect(Variables['EDGE_SECRET']).toEqual({ Ref: 'FrontSecret' });
  });

  it('are no parameters of a single cell', () => {
    const names = Object.keys(templateOf('Identity-eu').Parameters ?? {});
    expect(names.filter((name) => /Url/.test(name))).toEqual(['TermsUrl', 'PrivacyUrl']);
  });

  it.each([
    ['IssuerUrl', 'https://id.example.com'],
    ['IssuerUrl', 'http://localhost:4000'],
    ['CellUrls', three('https://eu.example.com', 'https://us.example.com', 'https://ap.test:8443')],
    ['CellUrls', three('http://localhost:1', 'http://localhost:2', 'http://127.0.0.1:3')],
    ['FrontSecret', ''],
    ['FrontSecret', 'x'.repeat(32)],
    ['FrontSecret', `${'x'.repeat(32)},${'y'.repeat(128)}`],
  ] as const)('%s accepts %j', (name, value) => {
    expect(giveAddress(name, value)).not.toThrow();
  });

  it.each([
    ['IssuerUrl', ''],
    ['IssuerUrl', 'http://id.example.com'],
    ['IssuerUrl', 'https://id.example.com/'],
    ['IssuerUrl', 'https://id.example.com/eu'],
    ['CellUrls', 'eu=https://eu.example.com'],
    ['CellUrls', three('https://eu.example.com', 'http://us.example.com', 'https://ap.test')],
    ['CellUrls', 'us=https://us.test,eu=https://eu.test,ap=https://ap.test'],
    ['FrontSecret', 'x'.repeat(31)],
    ['FrontSecret', `${'x'.repeat(32)},`],
    ['FrontSecret', `${'x'.repeat(32)},${'y'.repeat(32)},${'z'.repeat(32)}`],
  ] as const)('%s refuses %j', (name, value) => {
    expect(giveAddress(name, value)).toThrow(ParameterError);
  });
});

describe('functions', () => {
  it.each([...HTTP_SURFACES, ...PRIVACY_TASKS])(
    '%s reads every tunable that it is given and no other',
    (surface) => {
      const given = Object.entries(TUNABLE_SPECS)
        .filter(([, spec]) => spec.surfaces.includes(surface))
        .map(([name]) => name);
      expect(tunablesReadBy(surface)).toEqual(given.sort());
    },
  );
});

describe('the README', () => {
  it('lists the parameters as they are (renew with `node bin/parameter-table.ts --write`)', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(withParameterTable(readme)).toBe(readme);
  });
});

/** By the entry and all that it imports of ours. */
function tunablesReadBy(surface: string): ReadonlyArray<string> {
  const entry = new URL(`../../functions/${surface}/index.ts`, import.meta.url);
  const bundled = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (bundled.has(file.href)) continue;
    const source = readFileSync(file, 'utf8');
    bundled.set(file.href, source);
    for (const [, path = ''] of source.matchAll(/ from '(\.[^']+)'/g)) {
      waiting.push(new URL(path, file));
    }
  }
  const read = [...bundled.values()].flatMap((source) => [...source.matchAll(/TUNABLES\.(\w+)/g)]);
  return [...new Set(read.map(([, name = '']) => name))].sort();
}

function isTopological(name: string): boolean {
  return Object.values(ENVIRONMENT).some((known) => known === name);
}
