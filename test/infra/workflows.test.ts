/** The workflows of people's rights, as they are deployed. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { singleCell } from './synthesized.ts';

const State = z.looseObject({
  Type: z.string(),
  Retry: z.array(z.looseObject({ ErrorEquals: z.array(z.string()) })).optional(),
});
const Definition = z.object({
  States: z.record(
    z.string(),
    State.extend({ ItemProcessor: z.object({ States: z.record(z.string(), State) }).optional() }),
  ),
});

const tasks = singleCell
  .propertiesOf('Privacy-eu', 'AWS::StepFunctions::StateMachine')
  .flatMap(({ StateMachineName: machine, DefinitionString: definition }) => {
    const parts: ReadonlyArray<unknown> = z
      .object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })
      .parse(definition)['Fn::Join'][1];
    const text = parts.map((part) => (typeof part === 'string' ? part : 'ARN')).join('');
    const { States } = Definition.parse(JSON.parse(text));
    return Object.entries(States)
      .flatMap(([name, state]) => [
        [name, state] as const,
        ...Object.entries(state.ItemProcessor?.States ?? {}),
      ])
      .filter(([, { Type }]) => Type === 'Task')
      .map(([name, state]) => ({ machine, title: `${machine} ${name}`, state }));
  });

describe('every task', () => {
  const ofPeople = tasks.filter(({ machine }) => /(export|erasure)$/.test(String(machine)));

  test.each(ofPeople)('$title waits most of a day for its share of concurrency', ({ state }) => {
    expect(state.Retry?.[0]).toMatchObject({
      ErrorEquals: ['Lambda.TooManyRequestsException'],
      MaxAttempts: 500,
      MaxDelaySeconds: 300,
      JitterStrategy: 'FULL',
    });
  });

  const ofOperators = tasks.filter((one) => !ofPeople.includes(one));

  test.each(ofOperators)('$title rings soon when it is refused', ({ state }) => {
    expect(state.Retry?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
  });

  test.each(tasks)('$title fails where it is, so that a redrive begins there', ({ state }) => {
    expect(state.Retry?.at(-1)).toMatchObject({ BackoffRate: 2, JitterStrategy: 'FULL' });
    const caught = z.array(z.object({ ErrorEquals: z.array(z.string()) })).catch([]);
    const errors = caught.parse(state['Catch']).flatMap(({ ErrorEquals }) => ErrorEquals);
    // No answer yet is no failure.
    expect(errors.filter((error) => error !== 'States.Timeout')).toEqual([]);
  });
});

test('all four workflows are looked at', () => {
  expect([...new Set(tasks.map(({ machine }) => machine))].toSorted()).toEqual(
    ['audit', 'erasure', 'erasure-replay', 'export'].map((name) => `domicile-${name}`),
  );
});
