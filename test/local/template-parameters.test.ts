import { describe, expect, test } from 'vitest';
import { deploy } from '../../local/template/deployment.ts';
import { ParameterError } from '../../local/template/template-error.ts';
import type { TemplateParameter } from '../../local/types.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

function deployWith(declaration: TemplateParameter, value?: string) {
  return deploy([stackOf({ Parameters: { Tunable: declaration } })], {
    parameters: value === undefined ? {} : { Tunable: value },
  });
}

const NUMBER = { Type: 'Number', Default: 300, MinValue: 60, MaxValue: 3600 };

describe('a parameter is accepted', () => {
  test.each<[string, TemplateParameter, string | undefined, string]>([
    ['with its default when nothing is given', NUMBER, undefined, '300'],
    ['at its least value', NUMBER, '60', '60'],
    ['at its greatest value', NUMBER, '3600', '3600'],
    ['as a decimal number', { Type: 'Number', MinValue: 0 }, '0.25', '0.25'],
    ['with an empty default', { Type: 'String', Default: '' }, undefined, ''],
    ['when the whole value matches', { Type: 'String', AllowedPattern: '[a-z]+' }, 'abc', 'abc'],
    ['among the allowed', { Type: 'String', AllowedValues: ['on', 'off'] }, 'off', 'off'],
    ['among allowed numbers', { Type: 'Number', AllowedValues: [7, 30] }, '30', '30'],
    ['at its least length', { Type: 'String', MinLength: 3, MaxLength: 3 }, 'abc', 'abc'],
  ])('%s', (_, declaration, value, effective) => {
    expect(deployWith(declaration, value).parameters['Identity']?.['Tunable']).toBe(effective);
  });
});

describe('a parameter is refused, naming it and its value', () => {
  test.each<[string, TemplateParameter, string | undefined, string]>([
    ['without a value', { Type: 'String' }, undefined, 'Parameters: [Tunable] must have values'],
    ['that is no number', NUMBER, 'soon', 'must be a number (the value is "soon")'],
    ['that is no finite number', NUMBER, 'Infinity', 'must be a number (the value is "Infinity")'],
    ['that is empty where a number is due', NUMBER, '', 'must be a number (the value is "")'],
    ['below its range', NUMBER, '59', 'must be a number not less than 60 (the value is "59")'],
    ['above its range', NUMBER, '3601', 'not greater than 3600 (the value is "3601")'],
    [
      'of which only a part matches',
      { Type: 'String', AllowedPattern: 'a|b' },
      'ab',
      'must match pattern a|b (the value is "ab")',
    ],
    [
      'that is not among the allowed',
      { Type: 'String', AllowedValues: ['on', 'off'] },
      'ON',
      'must be one of AllowedValues: on, off (the value is "ON")',
    ],
    ['too short', { Type: 'String', MinLength: 3 }, 'ab', 'must contain at least 3 characters'],
    ['too long', { Type: 'String', MaxLength: 3 }, 'abcd', 'must contain at most 3 characters'],
    [
      'in the words of its ConstraintDescription',
      { ...NUMBER, ConstraintDescription: 'a minute to an hour, in seconds' },
      '5',
      `Parameter 'Tunable' failed to satisfy constraint: a minute to an hour, in seconds (the value is "5")`,
    ],
    [
      'of a list with one bad entry',
      { Type: 'CommaDelimitedList', AllowedPattern: '[a-z]+' },
      'ok, N0',
      'must match pattern [a-z]+ (the value is "N0")',
    ],
    [
      'without showing a secret',
      { Type: 'String', NoEcho: true, MinLength: 9 },
      'hunter2',
      'must contain at least 9 characters (the value is "****")',
    ],
  ])('%s', (_, declaration, value, message) => {
    expect(() => deployWith(declaration, value)).toThrow(ParameterError);
    expect(refusalOf(() => deployWith(declaration, value))).toContain(message);
  });

  test('that no stack declares', () => {
    expect(refusalOf(() => deploy([stackOf({})], { parameters: { Typo: '1' } }))).toBe(
      'Parameters: [Typo] do not exist in the template',
    );
  });
});

describe('parameter values', () => {
  const stacks = ['Data', 'Identity'].map((name) =>
    stackOf({ Parameters: { Days: { Type: 'Number', Default: 7 } } }, { name }),
  );

  test('reach every stack that declares the name', () => {
    const { parameters } = deploy(stacks, { parameters: { Days: '30' } });
    expect(parameters).toEqual({ Data: { Days: '30' }, Identity: { Days: '30' } });
  });

  test('with a stack before the name reach that stack alone', () => {
    const { parameters } = deploy(stacks, { parameters: { 'Data:Days': '30' } });
    expect(parameters).toEqual({ Data: { Days: '30' }, Identity: { Days: '7' } });
  });

  test('of NoEcho parameters are used but not shown', () => {
    const deployment = deploy([
      stackOf({
        Parameters: { Secret: { Type: 'String', Default: 'hunter2', NoEcho: true } },
        Outputs: { Secret: { Value: { Ref: 'Secret' } } },
      }),
    ]);
    expect(deployment.parameters['Identity']?.['Secret']).toBe('****');
    expect(deployment.outputs['Identity']?.['Secret']).toBe('hunter2');
  });

  test('of lists are lists', () => {
    const deployment = deploy([
      stackOf({
        Parameters: { Tags: { Type: 'CommaDelimitedList', Default: 'a, b' } },
        Outputs: { Tags: { Value: { 'Fn::Join': ['|', { Ref: 'Tags' }] } } },
      }),
    ]);
    expect(deployment.outputs['Identity']?.['Tags']).toBe('a|b');
  });

  test("read the CDK's bootstrap version as an account would", () => {
    const deployment = deploy([
      stackOf({
        Parameters: {
          BootstrapVersion: {
            Type: 'AWS::SSM::Parameter::Value<String>',
            Default: '/cdk-bootstrap/hnb659fds/version',
          },
        },
      }),
    ]);
    expect(Number(deployment.parameters['Identity']?.['BootstrapVersion'])).toBeGreaterThan(5);
  });
});
