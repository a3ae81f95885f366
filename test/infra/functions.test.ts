import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, TUNABLES } from '../../functions/environment.ts';
import { propertiesOf, resourcesOf, STACKS } from './synthesized.ts';

const functions = STACKS.flatMap((stack) =>
  propertiesOf(stack, 'AWS::Lambda::Function').map((properties) => ({
    name: String(properties['FunctionName']),
    stack,
    properties,
  })),
);

/** Longer than one AWS call with its retries, shorter than the HTTP API waits. */
const TIMEOUTS_SECONDS: Readonly<Record<string, [min: number, max: number]>> = {
  'domicile-provision': [30, 120],
};

describe('functions', () => {
  it('are the surfaces of the design, each under a name that operators can guess', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual([
      'domicile-account',
      'domicile-admin',
      'domicile-interaction',
      'domicile-provision',
      'domicile-token',
    ]);
  });

  it.each(functions)(
    '$name runs Node 24 on arm64 and tells where its code is',
    ({ name, properties }) => {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Description: `functions/${name.replace('domicile-', '')}/index.ts`,
      });
      expect(properties['MemorySize']).toBeGreaterThanOrEqual(512);
    },
  );

  it.each(functions)('$name ends before whoever waits for it', ({ name, properties }) => {
    const [min, max] = TIMEOUTS_SECONDS[name] ?? [10, 29];
    expect(properties['Timeout']).toBeGreaterThanOrEqual(min);
    expect(properties['Timeout']).toBeLessThanOrEqual(max);
  });

  it.each(functions)(
    '$name logs JSON to a group of its own that expires',
    ({ name, stack, properties }) => {
      const logging = properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(logging).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO' });
      const groups = new Map(resourcesOf(stack, 'AWS::Logs::LogGroup'));
      const group = groups.get(logging.LogGroup.Ref)?.Properties;
      expect(group?.['LogGroupName']).toBe(`/aws/lambda/${name}`);
      expect(group?.['RetentionInDays']).toBeDefined();
    },
  );

  it.each(functions)(
    '$name gets no variable whose name the code does not know',
    ({ properties }) => {
      const known = new Set<string>([...Object.values(ENVIRONMENT), ...Object.values(TUNABLES)]);
      const { Variables } = properties['Environment'] as { Variables: Record<string, unknown> };
      expect(Object.keys(Variables).filter((name) => !known.has(name))).toEqual([]);
    },
  );

  it('are not reachable but through the API: no function URL, no foreign principal', () => {
    for (const stack of STACKS) {
      expect(resourcesOf(stack, 'AWS::Lambda::Url')).toEqual([]);
      for (const permission of propertiesOf(stack, 'AWS::Lambda::Permission')) {
        expect(permission).toMatchObject({
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: expect.anything(),
        });
      }
    }
  });
});
