import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AWS_CLIENT_SETTINGS } from '../../functions/adapters/aws-errors.ts';
import { ENVIRONMENT, TUNABLES } from '../../functions/environment.ts';
import { CUT_OFF_BY } from '../flows/cut-off-states.ts';
import { propertiesOf, resourcesOf, STACKS } from './synthesized.ts';

const functions = STACKS.flatMap((stack) =>
  propertiesOf(stack, 'AWS::Lambda::Function').map((properties) => ({
    name: String(properties['FunctionName']),
    stack,
    properties,
  })),
);

/** HTTP API and Lambda's synchronous callers; CloudFormation and Step Functions have their own. */
const CALLERS_WAIT_SECONDS: Readonly<Record<string, number>> = {
  'domicile-provision': 120,
  'domicile-provision-cell': 120,
  'domicile-rotation': 120,
  // Of their workflows' states; `events` is called by Lambda itself, which waits as long as it takes.
  'domicile-export': 360,
  'domicile-erasure': 360,
  'domicile-audit': 360,
  'domicile-events': 360,
};

/** What they do at a time is bounded, however much somebody has: see `npm run bench`. */
const BOUNDED = ['export', 'erasure', 'audit', 'events'].map((name) => `domicile-${name}`);
const HTTP_API_WAITS_SECONDS = 30;

/** What the SDK's pauses between three attempts add up to at most. */
const PAUSES_MS = 1000;

const Joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

describe('functions', () => {
  it('are the surfaces of the design, each under a name that operators can guess', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual([
      'domicile-account',
      'domicile-admin',
      'domicile-audit',
      'domicile-erasure',
      'domicile-events',
      'domicile-export',
      'domicile-interaction',
      'domicile-privacy',
      'domicile-privacy-admin',
      'domicile-provision',
      'domicile-provision-cell',
      'domicile-rotation',
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
      const least = BOUNDED.includes(name) ? 256 : 512;
      expect(properties['MemorySize']).toBeGreaterThanOrEqual(least);
    },
  );

  it.each(functions)('$name ends before whoever waits for it', ({ name, properties }) => {
    expect(properties['Timeout']).toBeLessThan(
      CALLERS_WAIT_SECONDS[name] ?? HTTP_API_WAITS_SECONDS,
    );
  });

  it.each(functions)(
    '$name outlives an AWS call that hangs, retries included',
    ({ properties }) => {
      const { maxAttempts, requestHandler } = AWS_CLIENT_SETTINGS;
      const callMs = maxAttempts * requestHandler.requestTimeout + PAUSES_MS;
      expect(Number(properties['Timeout']) * 1000).toBeGreaterThan(callMs);
    },
  );

  it.each(functions)(
    '$name logs JSON to a group of its own that expires when operators want it to',
    ({ name, stack, properties }) => {
      const logging = properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(logging).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO' });
      const groups = new Map(resourcesOf(stack, 'AWS::Logs::LogGroup'));
      const group = groups.get(logging.LogGroup.Ref)?.Properties;
      expect(group?.['LogGroupName']).toBe(`/aws/lambda/${name}`);
      expect(group?.['RetentionInDays']).toEqual({ Ref: 'LogRetentionDays' });
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

describe('workflows about privacy', () => {
  it('have no state that does something and that no test cuts off', () => {
    const machines = propertiesOf('Privacy-eu', 'AWS::StepFunctions::StateMachine');
    const entered = Object.entries(CUT_OFF_BY).map(([name, states]) => [name, Object.keys(states)]);
    const found = machines.map((machine) => [
      String(machine['StateMachineName']),
      tasksIn(definitionOf(machine)),
    ]);
    const sorted = (pairs: ReadonlyArray<ReadonlyArray<unknown>>) =>
      Object.fromEntries(pairs.map(([name, states]) => [name, [states].flat().toSorted()]));
    expect(sorted(entered)).toEqual(sorted(found));
  });
});

/** Text around references, which stand for nothing that is asked here. */
function definitionOf(machine: Readonly<Record<string, unknown>>): unknown {
  const { 'Fn::Join': joined } = Joined.parse(machine['DefinitionString']);
  return JSON.parse(joined[1].map((part) => (typeof part === 'string' ? part : 'arn')).join(''));
}

/** Names of all Task states, those within maps and branches, too. */
function tasksIn(value: unknown, name = ''): ReadonlyArray<string> {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'Type' in value && value.Type === 'Task' ? [name] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => tasksIn(inner, key))];
}
