import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, TUNABLES } from '../../functions/environment.ts';
import { withParameterTable } from '../../lib/parameter-table.ts';
import { parameterName } from '../../lib/parameters.ts';
import { HTTP_SURFACES } from '../../lib/surfaces.ts';
import { TUNABLE_SPECS } from '../../lib/tunables.ts';
import type { TemplateParameter } from '../../local/types.ts';
import { propertiesOf, templateOf } from './synthesized.ts';

const parameters = (['Identity-eu', 'Operations-eu'] as const).flatMap((stack) =>
  Object.entries(templateOf(stack).Parameters ?? {})
    .filter(([name]) => name !== 'BootstrapVersion')
    .map(([name, parameter]) => ({ name, parameter })),
);

function accepts(parameter: TemplateParameter, value: string): boolean {
  const { AllowedValues, AllowedPattern, MaxLength, MinValue, MaxValue } = parameter;
  if (AllowedValues !== undefined) return AllowedValues.includes(value);
  if (parameter.Type === 'Number') {
    return Number(value) >= (MinValue ?? 0) && Number(value) <= (MaxValue ?? 0);
  }
  return value.length <= (MaxLength ?? 0) && new RegExp(`^(?:${AllowedPattern})$`).test(value);
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

  it.each(parameters)('$name accepts its own default', ({ parameter }) => {
    expect(accepts(parameter, String(parameter.Default))).toBe(true);
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
    const found = parameters.find((candidate) => candidate.name === name);
    expect(found).toBeDefined();
    if (found !== undefined) expect(accepts(found.parameter, value)).toBe(false);
  });

  it.each([
    ['FromAddress', 'no-reply@mail.example.co.uk'],
    ['TermsUrl', 'https://example.com/terms?lang=en'],
    ['ProductName', 'Müller & Söhne’s Shop'],
    ['NotificationTopicArn', 'arn:aws:sns:eu-central-1:111122223333:on-call'],
    ['NotificationTopicArn', ''],
  ])('%s accepts %j', (name, value) => {
    const found = parameters.find((candidate) => candidate.name === name);
    expect(found !== undefined && accepts(found.parameter, value)).toBe(true);
  });

  it('cover every tunable that functions know', () => {
    const names = new Set(parameters.map(({ name }) => name));
    const missing = Object.keys(TUNABLES).filter((key) => !names.has(parameterName(key)));
    expect(missing).toEqual([]);
  });

  it('reach the functions that read them and no others', () => {
    const tunables = Object.entries(TUNABLES);
    const surfaces = propertiesOf('Identity-eu', 'AWS::Lambda::Function');
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

describe('functions', () => {
  it.each(HTTP_SURFACES)('%s reads every tunable that it is given and no other', (surface) => {
    const given = Object.entries(TUNABLE_SPECS)
      .filter(([, spec]) => spec.surfaces.includes(surface))
      .map(([name]) => name);
    expect(tunablesReadBy(surface)).toEqual(given.sort());
  });
});

describe('the README', () => {
  it('lists the parameters as they are (renew with `node bin/parameter-table.ts --write`)', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(withParameterTable(readme)).toBe(readme);
  });
});

function tunablesReadBy(surface: string): ReadonlyArray<string> {
  const directory = new URL(`../../functions/${surface}/`, import.meta.url);
  const read = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(new URL(name, directory), 'utf8').matchAll(/TUNABLES\.(\w+)/g),
    ])
    .map((match) => match[1] ?? '');
  return [...new Set(read)].sort();
}

function isTopological(name: string): boolean {
  return Object.values(ENVIRONMENT).some((known) => known === name);
}
