// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its placeholders like this.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readAssembly } from '../../local/template/assembly.ts';
import { assetDirectory } from '../../local/template/assets.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { TemplateResource } from '../../local/types.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'assembly-'));
afterAll(() => rmSync(root, { recursive: true }));

function assembly(name: string, files: Readonly<Record<string, unknown>>): string {
  const directory = join(root, name);
  mkdirSync(directory, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(directory, file), text);
  }
  return directory;
}

function stackArtifact(
  name: string,
  dependencies: ReadonlyArray<string> = [],
  region = 'unknown-region',
) {
  return {
    type: 'aws:cloudformation:stack',
    environment: `aws://unknown-account/${region}`,
    properties: { templateFile: 'empty.json', stackName: name },
    dependencies: [...dependencies, `${name}.assets`],
  };
}

const EMPTY = { Resources: {} };

describe('reading a cloud assembly', () => {
  test('yields each stack after those that it depends on', () => {
    const directory = assembly('ordered', {
      'empty.json': EMPTY,
      'manifest.json': {
        artifacts: {
          Operations: stackArtifact('Operations', ['Identity']),
          Identity: stackArtifact('Identity', ['Data', 'Directory']),
          Data: stackArtifact('Data', ['Directory']),
          Directory: stackArtifact('Directory'),
        },
      },
    });
    const names = readAssembly(directory, 'eu-west-1').map(({ name }) => name);
    expect(names).toEqual(['Directory', 'Data', 'Identity', 'Operations']);
  });

  test('takes the region of the stack, or the default where it is agnostic', () => {
    const directory = assembly('regions', {
      'empty.json': EMPTY,
      'manifest.json': {
        artifacts: { A: stackArtifact('A'), B: stackArtifact('B', [], 'us-east-1') },
      },
    });
    const regions = readAssembly(directory, 'eu-west-1').map(({ region }) => region);
    expect(regions).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('enters nested stages', () => {
    assembly('staged/assembly-eu', {
      'empty.json': EMPTY,
      'manifest.json': { artifacts: { Data: stackArtifact('eu-Data') } },
    });
    const directory = assembly('staged', {
      'manifest.json': {
        artifacts: {
          eu: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-eu' } },
        },
      },
    });
    expect(readAssembly(directory, 'eu-west-1').map(({ name }) => name)).toEqual(['eu-Data']);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['without manifest', {}, 'manifest.json: cannot be read'],
    ['with a broken manifest', { 'manifest.json': '{' }, 'manifest.json: is not JSON'],
    ['without artifacts', { 'manifest.json': {} }, 'not a cloud assembly'],
    [
      'whose stacks form a circle',
      {
        'empty.json': EMPTY,
        'manifest.json': {
          artifacts: { A: stackArtifact('A', ['B']), B: stackArtifact('B', ['A']) },
        },
      },
      'stack A depends on itself',
    ],
    [
      'with a template that is none',
      { 'empty.json': [], 'manifest.json': { artifacts: { A: stackArtifact('A') } } },
      'empty.json: is not a JSON object',
    ],
    [
      'with a resource that has no type',
      {
        'empty.json': { Resources: { Thing: {} } },
        'manifest.json': { artifacts: { A: stackArtifact('A') } },
      },
      'Thing: a resource must have a Type',
    ],
  ])('%s is refused', (title, files, message) => {
    const directory = assembly(title.replaceAll(' ', '-'), files);
    expect(refusalOf(() => readAssembly(directory, 'eu-west-1'))).toContain(message);
  });
});

describe('a deployed resource has the identity that AWS would give it', () => {
  const place = 'eu-central-1:111122223333';
  test.each<[string, TemplateResource, RegExp, string, RegExp]>([
    [
      'a table with a stream',
      {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: { TableName: 't', StreamSpecification: { StreamViewType: 'KEYS_ONLY' } },
      },
      /^t$/,
      'StreamArn',
      RegExp(`^arn:aws:dynamodb:${place}:table/t/stream/[\\dT:.-]+$`),
    ],
    [
      'an unnamed function',
      { Type: 'AWS::Lambda::Function' },
      /^Identity-It-[0-9A-F]{12}$/,
      'Arn',
      RegExp(`^arn:aws:lambda:${place}:function:Identity-It-[0-9A-F]{12}$`),
    ],
    [
      'a role with a path',
      { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', Path: '/x/' } },
      /^r$/,
      'Arn',
      /^arn:aws:iam::111122223333:role\/x\/r$/,
    ],
    [
      'a key',
      { Type: 'AWS::KMS::Key' },
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      'Arn',
      RegExp(`^arn:aws:kms:${place}:key/[0-9a-f-]{36}$`),
    ],
    [
      'a multi-Region key',
      { Type: 'AWS::KMS::Key', Properties: { MultiRegion: true } },
      /^mrk-[0-9a-f]{32}$/,
      'KeyId',
      /^mrk-[0-9a-f]{32}$/,
    ],
    [
      'a log group',
      { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/l' } },
      /^\/l$/,
      'Arn',
      RegExp(`^arn:aws:logs:${place}:log-group:/l:\\*$`),
    ],
    [
      'a queue',
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
      /^https:\/\/sqs\.eu-central-1\.amazonaws\.com\/111122223333\/q$/,
      'Arn',
      RegExp(`^arn:aws:sqs:${place}:q$`),
    ],
    [
      'a topic',
      { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
      RegExp(`^arn:aws:sns:${place}:t$`),
      'TopicName',
      /^t$/,
    ],
    [
      'a bucket',
      { Type: 'AWS::S3::Bucket' },
      /^identity-it-[0-9a-f]{12}$/,
      'Arn',
      /^arn:aws:s3:::identity-it-[0-9a-f]{12}$/,
    ],
    [
      'a state machine',
      { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 's' } },
      RegExp(`^arn:aws:states:${place}:stateMachine:s$`),
      'Name',
      /^s$/,
    ],
    [
      'an HTTP API',
      { Type: 'AWS::ApiGatewayV2::Api' },
      /^[0-9a-f]{10}$/,
      'ApiId',
      /^[0-9a-f]{10}$/,
    ],
    [
      'a type without special treatment',
      { Type: 'AWS::XRay::Group' },
      /^Identity-It-/,
      'Arn',
      RegExp(`^arn:aws:xray:${place}:Identity-It-`),
    ],
  ])('%s', (_, It, physicalId, attribute, value) => {
    const resource = deploy([stackOf({ Resources: { It } })]).find('Identity', 'It');
    expect(resource?.physicalId).toMatch(physicalId);
    expect(resource?.attributes[attribute]).toMatch(value);
  });

  test('and keeps it from one start to the next', () => {
    const ids = [1, 2].map(
      () =>
        deploy([stackOf({ Resources: { K: { Type: 'AWS::KMS::Key' } } })]).resources[0]?.physicalId,
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test('never longer than AWS permits', () => {
    const logicalId = 'L'.repeat(200);
    const stack = stackOf({ Resources: { [logicalId]: { Type: 'AWS::IAM::Role' } } });
    expect(deploy([stack]).resources[0]?.physicalId).toHaveLength(64);
  });
});

describe('a deployment', () => {
  test('gives an HTTP API the URL at which it is served', () => {
    const stack = stackOf({
      Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api' } },
      Outputs: { Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } },
    });
    const served = deploy([stack], { apiEndpoint: () => 'http://localhost:4000' });
    expect(served.outputs['Identity']?.['Url']).toBe('http://localhost:4000');
    expect(deploy([stack]).outputs['Identity']?.['Url']).toMatch(
      /^https:\/\/[0-9a-f]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/,
    );
  });

  const data = stackOf(
    {
      Resources: { Key: { Type: 'AWS::KMS::Key' } },
      Outputs: {
        KeyArn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] }, Export: { Name: 'Data:Key' } },
      },
    },
    { name: 'Data' },
  );
  const importing = (region: string) =>
    stackOf({ Outputs: { Out: { Value: { 'Fn::ImportValue': 'Data:Key' } } } }, { region });

  test('imports what another stack of the region exports', () => {
    const { outputs } = deploy([data, importing('eu-central-1')]);
    expect(outputs['Identity']?.['Out']).toBe(outputs['Data']?.['KeyArn']);
  });

  test('does not import across regions', () => {
    const { outputs } = deploy([data, importing('us-east-1')]);
    expect(refusalOf(() => outputs['Identity']?.['Out'])).toContain('No export named Data:Key');
  });

  test('lists resources after those that they need', () => {
    const { resources } = deploy([
      stackOf({
        Resources: {
          C: { Type: 'T::T::T', DependsOn: ['B'] },
          B: { Type: 'T::T::T', Properties: { A: { 'Fn::Sub': 'x${A}' } } },
          A: { Type: 'T::T::T' },
        },
      }),
    ]);
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['A', 'B', 'C']);
  });

  test('refuses resources that need each other', () => {
    const stack = stackOf({
      Resources: {
        A: { Type: 'T::T::T', Properties: { B: { Ref: 'B' } } },
        B: { Type: 'T::T::T', DependsOn: 'A' },
      },
    });
    expect(refusalOf(() => deploy([stack]))).toBe(
      'Identity: Circular dependency between resources: [A, B]',
    );
  });

  test('tells equally named stacks of two cells apart by their region', () => {
    const cells = ['eu-central-1', 'us-east-1'].map((region) =>
      stackOf({ Resources: { Provisioned: { Type: 'Custom::Provision' } } }, { region }),
    );
    const deployment = deploy(cells);
    for (const resource of deployment.pendingCustomResources()) {
      deployment.complete(resource, `made in ${resource.region}`);
    }
    expect(deployment.resources.map(({ physicalId }) => physicalId)).toEqual([
      'made in eu-central-1',
      'made in us-east-1',
    ]);
    expect(deployment.find('Identity', 'Provisioned', 'us-east-1')?.region).toBe('us-east-1');
  });

  test('can be changed before it is made', () => {
    const { resources } = deploy([data], {
      transformTemplate: (stack) => ({ ...stack, template: { Resources: {} } }),
    });
    expect(resources).toEqual([]);
  });
});

describe('a custom resource', () => {
  const stack = stackOf({
    Resources: {
      Keyring: { Type: 'Custom::Keyring', Properties: { ServiceToken: 'arn' } },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 't' } },
    },
    Outputs: {
      Version: { Value: { 'Fn::GetAtt': ['Keyring', 'Version'] } },
      Table: { Value: { Ref: 'Table' } },
    },
  });

  test('stops only what needs it until it has run', () => {
    const { outputs, pendingCustomResources } = deploy([stack]);
    expect(outputs['Identity']?.['Table']).toBe('t');
    expect(refusalOf(() => outputs['Identity']?.['Version'])).toContain('Keyring has not run yet');
    expect(pendingCustomResources().map(({ logicalId }) => logicalId)).toEqual(['Keyring']);
  });

  test('yields what its provider answered', () => {
    const deployment = deploy([stack]);
    for (const resource of deployment.pendingCustomResources()) {
      deployment.complete(resource, 'keyring', { Version: '1' });
    }
    expect(deployment.outputs['Identity']?.['Version']).toBe('1');
    expect(deployment.find('Identity', 'Keyring')?.physicalId).toBe('keyring');
    expect(deployment.pendingCustomResources()).toEqual([]);
  });
});

describe("a function's bundle is found", () => {
  const directory = assembly('bundles', {});
  mkdirSync(join(directory, 'asset.abc'));
  mkdirSync(join(directory, 'assembly-eu'));
  const find = (resource: Omit<TemplateResource, 'Type'>, assemblyDirectory = directory) =>
    assetDirectory(
      [
        stackOf(
          { Resources: { F: { Type: 'AWS::Lambda::Function', ...resource } } },
          { assemblyDirectory },
        ),
      ],
      { stack: 'Identity', region: 'eu-central-1', logicalId: 'F' },
    );

  test("by the CLI's metadata", () => {
    expect(find({ Metadata: { 'aws:asset:path': 'asset.abc' } })).toBe(
      join(directory, 'asset.abc'),
    );
  });

  test('by its key in the asset bucket', () => {
    expect(find({ Properties: { Code: { S3Key: 'abc.zip' } } })).toBe(join(directory, 'asset.abc'));
  });

  test('beside a nested stage', () => {
    const nested = join(directory, 'assembly-eu');
    expect(find({ Properties: { Code: { S3Key: 'abc.zip' } } }, nested)).toBe(
      join(directory, 'asset.abc'),
    );
  });

  test('or its absence is said', () => {
    expect(refusalOf(() => find({ Properties: { Code: { S3Key: 'nope.zip' } } }))).toBe(
      'stack Identity, function F: its bundle is not in the assembly',
    );
  });
});
