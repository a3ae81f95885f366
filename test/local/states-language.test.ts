import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits } from '../../local/states/choice-rules.ts';
import { effectiveInput, stateOutput } from '../../local/states/data-flow.ts';
import { DefinitionError, parseDefinition } from '../../local/states/parse-definition.ts';
import { findAt, withValueAt } from '../../local/states/paths.ts';
import { fillTemplate } from '../../local/states/payload-template.ts';
import { createRetries, findCatcher } from '../../local/states/recovery.ts';
import { StatesError } from '../../local/states/states-error.ts';
import { refusalOf } from './template-fixtures.ts';

const scope = (data: unknown, context: unknown = {}) => ({ data, context });

describe('a path', () => {
  it.each([
    ['$', { a: 1 }, { a: 1 }],
    ['$.a.b', { a: { b: 2 } }, 2],
    ["$['a b'][1]", { 'a b': [1, 2] }, 2],
    ['$.list[0].x', { list: [{ x: null }] }, null],
    ['$.gone.further', { a: 1 }, undefined],
    ['$.constructor', {}, undefined],
  ])('%s is read', (path, data, value) => {
    expect(findAt(path, scope(data))).toEqual(value);
  });

  it('reads the context object after $$', () => {
    expect(findAt('$$.Execution.Name', scope({}, { Execution: { Name: 'n' } }))).toBe('n');
  });

  it.each(['$..a', '$.*', '$[?(@.x)]', '$[1:2]', 'a.b', '$.'])('%s is refused', (path) => {
    expect(refusalOf(() => findAt(path, scope({})))).toContain('States.Runtime');
  });

  it('that a result is written to is where it is read again, and nothing else changes', () => {
    const name = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.jsonValue(),
        (names, value) => {
          const path = `$.${names.join('.')}`;
          const data = { UNTOUCHED: 1 };
          const changed = withValueAt(path, data, value);
          expect(findAt(path, scope(changed))).toEqual(value);
          expect(changed).toMatchObject(data);
          expect(data).toEqual({ UNTOUCHED: 1 });
        },
      ),
    );
  });
});

describe('a payload template', () => {
  it('takes values from the input, the context object and intrinsic functions', () => {
    const template = {
      plain: '$.a',
      'taken.$': '$.a',
      'name.$': '$$.Execution.Name',
      nested: [{ 'sum.$': 'States.MathAdd($.a, 2)' }],
      'text.$': "States.Format('it\\'s {} of {}', $.a, States.ArrayLength($.list))",
    };
    const data = { a: 1, list: [1, 2, 3] };
    expect(fillTemplate(template, scope(data, { Execution: { Name: 'run' } }))).toEqual({
      plain: '$.a',
      taken: 1,
      name: 'run',
      nested: [{ sum: 3 }],
      text: "it's 1 of 3",
    });
  });

  it.each([
    ["States.StringToJson('[1,2]')", [1, 2]],
    ['States.JsonToString($.o)', '{"x":1}'],
    ["States.Array('a', 1, null, true)", ['a', 1, null, true]],
    ['States.ArrayPartition(States.ArrayRange(1, 5, 1), 2)', [[1, 2], [3, 4], [5]]],
    ['States.ArrayGetItem(States.Array(7, 8), 1)', 8],
    ['States.ArrayContains(States.Array(7, 8), 8)', true],
    ['States.MathRandom(3, 4)', 3],
    ['States.ArrayUnique(States.Array(1, 1, 2))', [1, 2]],
    ["States.StringSplit('a,b;c', ',;')", ['a', 'b', 'c']],
    ["States.Base64Decode(States.Base64Encode('ä'))", 'ä'],
    ['States.JsonMerge($.o, States.StringToJson(\'{"y":2}\'), false)', { x: 1, y: 2 }],
    [
      "States.Hash('a', 'SHA-256')",
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    ],
  ])('%s is called', (call, value) => {
    expect(fillTemplate({ 'v.$': call }, scope({ o: { x: 1 } }))).toEqual({ v: value });
  });

  it.each([
    ['$.missing', 'States.ParameterPathFailure'],
    ['States.Nothing()', 'States.IntrinsicFailure'],
    ["States.Format('{}')", 'States.IntrinsicFailure'],
    ["States.MathAdd('a', 1)", 'States.IntrinsicFailure'],
    ['States.MathRandom(4, 4)', 'States.IntrinsicFailure'],
    ["States.Array('a'", 'States.IntrinsicFailure'],
    ['States.Array(1) and more', 'States.IntrinsicFailure'],
  ])('%s is refused with %s', (call, error) => {
    expect(refusalOf(() => fillTemplate({ 'v.$': call }, scope({})))).toContain(error);
  });
});

describe('the data of a state', () => {
  const raw = scope({ order: { id: 7 }, kept: true });

  it.each([
    [{}, { done: 1 }],
    [{ ResultPath: null }, raw.data],
    [{ ResultPath: '$.result' }, { order: { id: 7 }, kept: true, result: { done: 1 } }],
    [{ ResultSelector: { 'only.$': '$.done' } }, { only: 1 }],
    [{ ResultPath: '$.result', OutputPath: '$.result.done' }, 1],
    [{ OutputPath: null }, {}],
  ])('%j yields what it says', (state, output) => {
    expect(stateOutput(state, raw, { done: 1 })).toEqual(output);
  });

  it('is selected before parameters are filled in', () => {
    const state = { InputPath: '$.order', Parameters: { 'orderId.$': '$.id' } };
    expect(effectiveInput(state, raw)).toEqual({ orderId: 7 });
  });

  it('may not exceed 256 KiB', () => {
    const large = 'x'.repeat(256 * 1024);
    expect(refusalOf(() => stateOutput({}, raw, large))).toContain('States.DataLimitExceeded');
  });
});

describe('a rule of a choice', () => {
  const data = { text: 'abc', number: 5, yes: true, nothing: null, at: '2026-01-02T03:04:05Z' };

  it.each([
    [{ Variable: '$.text', StringEquals: 'abc' }, true],
    [{ Variable: '$.text', StringEquals: 5 }, false],
    [{ Variable: '$.text', StringMatches: 'a*' }, true],
    [{ Variable: '$.text', StringMatches: 'a\\*' }, false],
    [{ Variable: '$.text', StringLessThan: 'abd' }, true],
    [{ Variable: '$.number', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.number', NumericLessThanPath: '$.number' }, false],
    [{ Variable: '$.yes', BooleanEquals: true }, true],
    [{ Variable: '$.at', TimestampLessThan: '2026-01-02T04:04:05+00:30' }, true],
    [{ Variable: '$.gone', IsPresent: false }, true],
    [{ Variable: '$.nothing', IsNull: true }, true],
    [{ Variable: '$.at', IsTimestamp: true }, true],
    [{ Not: { Variable: '$.number', NumericEquals: 5 } }, false],
    [
      {
        And: [
          { Variable: '$.gone', IsPresent: true },
          { Variable: '$.gone', IsNull: true },
        ],
      },
      false,
    ],
    [
      {
        Or: [
          { Variable: '$.number', NumericEquals: 1 },
          { Variable: '$.yes', IsBoolean: true },
        ],
      },
      true,
    ],
  ])('%j is %s', (rule, result) => {
    expect(fits(rule, scope(data))).toBe(result);
  });

  it('about something that is not there fails the execution', () => {
    const rule = { Variable: '$.gone', StringEquals: 'x' };
    expect(refusalOf(() => fits(rule, scope(data)))).toContain('States.Runtime');
  });
});

describe('retries and catchers', () => {
  const flaky = new StatesError('Flaky');

  it('wait longer each time, up to the limit, and spread by full jitter', () => {
    const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 4 };
    const retry = createRetries([{ ...retrier, MaxDelaySeconds: 9 }], Math.random);
    expect([1, 2, 3, 4, 5].map(() => retry(flaky))).toEqual([2, 4, 8, 9, undefined]);
    const jittered = createRetries([{ ...retrier, JitterStrategy: 'FULL' }], () => 0.25);
    expect([1, 2].map(() => jittered(flaky))).toEqual([0.5, 1]);
  });

  it.each([
    ['Flaky', ['States.TaskFailed'], true],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.Timeout', ['States.ALL'], true],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.Runtime'], true],
    ['Other', ['Flaky'], false],
  ])('of %s match %j: %s', (error, ErrorEquals, isCaught) => {
    const catcher = findCatcher([{ ErrorEquals, Next: 'X' }], new StatesError(error));
    expect(catcher !== undefined).toBe(isCaught);
  });
});

describe('a definition', () => {
  const pass = { Type: 'Pass', End: true };

  it.each([
    ['that is no JSON', '{', 'not JSON'],
    ['in JSONata', { QueryLanguage: 'JSONata' }, 'JSONata'],
    [
      'with a member of which nothing is known',
      { StartAt: 'A', States: { A: { ...pass, Assign: {} } } },
      'Assign',
    ],
    ['that starts nowhere', { StartAt: 'B', States: { A: pass } }, 'StartAt leads to B'],
    [
      'that leads nowhere',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
      'A leads to B',
    ],
    [
      'with a state that neither ends nor goes on',
      { StartAt: 'A', States: { A: { Type: 'Pass' } } },
      'Next and End',
    ],
    [
      'whose branch leads nowhere',
      {
        StartAt: 'A',
        States: { A: { Type: 'Parallel', End: true, Branches: [{ StartAt: 'X', States: {} }] } },
      },
      'A.StartAt leads to X',
    ],
  ])('%s is refused at the start', (_, definition, words) => {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    expect(() => parseDefinition(text)).toThrow(DefinitionError);
    expect(refusalOf(() => parseDefinition(text))).toContain(words);
  });
});
