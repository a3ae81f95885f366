// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its placeholders like this.

import { describe, expect, test } from 'vitest';
import { deploy } from '../../local/template/deployment.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

const STACK = stackOf({
  Parameters: {
    Days: { Type: 'Number', Default: 30 },
    Stage: { Type: 'String', Default: 'production' },
  },
  Conditions: {
    IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] },
    IsTest: { 'Fn::Not': [{ Condition: 'IsProduction' }] },
    IsEither: { 'Fn::Or': [{ Condition: 'IsProduction' }, { Condition: 'IsTest' }] },
    IsBoth: { 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'IsTest' }] },
    IsThirty: { 'Fn::Equals': [{ Ref: 'Days' }, 30] },
    IsCircular: { 'Fn::Not': [{ Condition: 'IsCircular' }] },
  },
  Mappings: { Regions: { 'eu-central-1': { City: 'Frankfurt' } } },
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'people' } },
    Unmade: { Type: 'AWS::SQS::Queue', Condition: 'IsTest' },
  },
});

/** `value` as the property of one more resource. */
function evaluated(value: unknown): unknown {
  const Probe = { Type: 'Test::Probe', Properties: { Value: value } };
  const { Resources } = STACK.template;
  const stack = stackOf({ ...STACK.template, Resources: { ...Resources, Probe } });
  return deploy([stack]).find('Identity', 'Probe')?.properties['Value'];
}

describe('intrinsic functions yield what CloudFormation yields', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref to a parameter', { Ref: 'Days' }, '30'],
    ['Ref to a resource', { Ref: 'Table' }, 'people'],
    ['Ref to the region', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['Ref to the account', { Ref: 'AWS::AccountId' }, '111122223333'],
    [
      'GetAtt as a list',
      { 'Fn::GetAtt': ['Table', 'Arn'] },
      'arn:aws:dynamodb:eu-central-1:111122223333:table/people',
    ],
    [
      'GetAtt as text',
      { 'Fn::GetAtt': 'Table.Arn' },
      'arn:aws:dynamodb:eu-central-1:111122223333:table/people',
    ],
    ['Sub with parameters and attributes', { 'Fn::Sub': '${Table}/${Days}' }, 'people/30'],
    [
      'Sub with an attribute',
      { 'Fn::Sub': '${Table.Arn}/index/*' },
      'arn:aws:dynamodb:eu-central-1:111122223333:table/people/index/*',
    ],
    [
      'Sub with names of its own',
      { 'Fn::Sub': ['${a}-${AWS::Region}', { a: { Ref: 'Table' } }] },
      'people-eu-central-1',
    ],
    ['Sub with a literal', { 'Fn::Sub': '${!aws:username}' }, '${aws:username}'],
    ['Join', { 'Fn::Join': [':', ['a', { Ref: 'Days' }, 1, true]] }, 'a:30:1:true'],
    ['Split', { 'Fn::Split': ['/', 'a/b'] }, ['a', 'b']],
    ['Select of a Split', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'City'] }, 'Frankfurt'],
    ['If that holds', { 'Fn::If': ['IsProduction', 'yes', 'no'] }, 'yes'],
    ['If on Not', { 'Fn::If': ['IsTest', 'yes', 'no'] }, 'no'],
    ['If on Or', { 'Fn::If': ['IsEither', 'yes', 'no'] }, 'yes'],
    ['If on And', { 'Fn::If': ['IsBoth', 'yes', 'no'] }, 'no'],
    ['Equals of text and number', { 'Fn::If': ['IsThirty', 'yes', 'no'] }, 'yes'],
    ['NoValue in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['NoValue in a list', [1, { 'Fn::If': ['IsTest', 2, { Ref: 'AWS::NoValue' }] }], [1]],
    [
      'Condition of a policy as plain data',
      { Condition: { Bool: {} } },
      { Condition: { Bool: {} } },
    ],
    ['unevaluated branches not at all', { 'Fn::If': ['IsTest', { Ref: 'Unmade' }, 'no'] }, 'no'],
  ])('%s', (_, value, expected) => {
    expect(evaluated(value)).toEqual(expected);
  });
});

describe('a template error names the place and the cause', () => {
  test.each<[string, unknown, string]>([
    ['an unknown function', { 'Fn::Transform': {} }, 'does not know the intrinsic Fn::Transform'],
    ['a function with company', { 'Fn::Join': ['', []], b: 1 }, 'Fn::Join must stand alone'],
    ['a reference to nothing', { Ref: 'Nobody' }, 'Unresolved resource dependencies [Nobody]'],
    ['an attribute of nothing', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'dependencies [Nobody]'],
    ['a name in Sub of nothing', { 'Fn::Sub': '${Nobody}' }, 'dependencies [Nobody]'],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      'Table (AWS::DynamoDB::Table) has no attribute StreamArn',
    ],
    ['a resource not made', { Ref: 'Unmade' }, 'there is no resource Unmade'],
    ['an unknown condition', { 'Fn::If': ['IsOdd', 1, 2] }, 'there is no condition IsOdd'],
    ['a circular condition', { 'Fn::If': ['IsCircular', 1, 2] }, 'IsCircular needs itself'],
    [
      'a missing mapping',
      { 'Fn::FindInMap': ['Regions', 'mars', 'City'] },
      'Regions → mars → City',
    ],
    ['a missing export', { 'Fn::ImportValue': 'x' }, 'No export named x found in eu-central-1'],
    ['a position out of range', { 'Fn::Select': [2, ['a']] }, 'nonexistent value at index 2'],
    ['Join of objects', { 'Fn::Join': ['', [{ a: 1 }]] }, 'Fn::Join wants text, found {"a":1}'],
    ['Join of no list', { 'Fn::Join': 'a' }, 'Fn::Join wants a list, found "a"'],
  ])('%s', (_, value, message) => {
    const refusal = refusalOf(() => evaluated(value));
    expect(refusal).toContain(message);
    expect(refusal).toContain('Identity');
  });
});
