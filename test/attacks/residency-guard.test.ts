/**
 * Functions that have been taken over, with an Allow too many: what of other regions they reach with
 * the Deny of the template, and without it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFunction } from '../../local/lambda/from-template.ts';
import type { DeployedResource } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { corruptEverywhere } from './residency-corruption.ts';

const CELLS = ['eu', 'us', 'ap'];
const [EU, US, AP] = ['eu-central-1', 'us-east-1', 'ap-southeast-2'] as const;
/** Has lost its Deny. */
const UNGUARDED = AP;

const bundle = mkdtempSync(join(tmpdir(), 'taken-over-'));
let cloud: TestCloud;

beforeAll(async () => {
  const transformTemplate = corruptEverywhere({ bundle, unguarded: UNGUARDED });
  cloud = await startTestCloud({ cells: CELLS, transformTemplate });
});
afterAll(async () => {
  await cloud?.close();
  rmSync(bundle, { recursive: true });
});

interface Call {
  readonly service: string;
  readonly target: string;
  readonly body: object;
}

type CallTo = (cell: string, region: string) => Call;

const dynamo = (operation: string, body: object): Call => ({
  ...{ service: 'dynamodb', target: `DynamoDB_20120810.${operation}`, body },
});
const get = (TableName: string, name: string): Call =>
  dynamo('GetItem', { TableName, Key: { pk: { S: name }, sk: { S: name } } });
const write = (TableName: string, name: string) => ({
  Put: { TableName, Item: { pk: { S: name }, sk: { S: name } } },
});
const invoke = (name: string): Call => ({
  ...{ service: 'lambda', target: `/2015-03-31/functions/${name}/invocations`, body: {} },
});
const keyOf = (region: string): string =>
  cloud.cloud.infrastructure.vault
    .inRegion(region)
    .list()
    .find(({ usage }) => usage === 'ENCRYPT_DECRYPT')?.keyId ?? '';

/** What holds people, or works on them. */
const FORBIDDEN: ReadonlyArray<[string, CallTo]> = [
  ['all of the data table', (cell) => dynamo('Scan', { TableName: `domicile-data-${cell}` })],
  ['a person', (cell) => get(`domicile-data-${cell}`, 'USER#somebody')],
  ['a resident’s pointer', (cell) => get(`domicile-data-${cell}`, 'IDENTIFIER#1.abc')],
  ['a person’s data key', (cell) => get(`domicile-keys-${cell}`, 'USER#somebody')],
  [
    'a transaction of claim and data',
    (cell) =>
      dynamo('TransactWriteItems', {
        TransactItems: [
          write('domicile-directory', 'IDENTIFIER#1.abc'),
          write(`domicile-data-${cell}`, 'USER#somebody'),
        ],
      }),
  ],
  ['the stream of changes', () => dynamo('ListStreams', {})],
  [
    'a KMS key',
    (_, region) => ({
      ...{ service: 'kms', target: 'TrentService.Encrypt' },
      body: { KeyId: keyOf(region), Plaintext: 'YWRh' },
    }),
  ],
  [
    'the mail service',
    () => ({
      ...{ service: 'ses', target: 'none' },
      body: {
        ...{ Action: 'SendEmail', Source: 'no-reply@domicile.invalid' },
        'Destination.ToAddresses.member.1': 'ada@example.com',
        'Message.Subject.Data': 'Hello',
        'Message.Body.Text.Data': 'Hello',
      },
    }),
  ],
  ['the account function', () => invoke('domicile-account')],
];

/** What a function of one region gets in another; `outcome` is the call log's. */
async function attempt(from: string, call: Call, to: string, name = 'domicile-token') {
  const { endpoint, region: _, ...credentials } = cloud.cloud.seed().aws;
  const lambda = new LambdaClient({ endpoint, region: from, credentials });
  const Payload = JSON.stringify({ ...call, region: to });
  const before = cloud.mark();
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload }));
  lambda.destroy();
  const { body }: { body: string } = JSON.parse(answer.Payload?.transformToString() ?? '');
  const logged = cloud.calls(before).find((one) => one.principal === name && one.region === to);
  return { outcome: logged?.outcome, callerRegion: logged?.callerRegion, body };
}

describe('a function with an Allow for everything, everywhere,', () => {
  it.each(FORBIDDEN)('reaches %s of its own region: nothing else is in its way', async (_, to) => {
    const { outcome } = await attempt(US, to('us', US), US);
    expect(outcome).toBe('ok');
  });

  it.each(FORBIDDEN)('is denied %s of another region by its role', async (_, to) => {
    for (const [from, cell, region] of [
      [US, 'eu', EU],
      [US, 'ap', AP],
      [EU, 'us', US],
    ] as const) {
      const { outcome, callerRegion, body } = await attempt(from, to(cell, region), region);
      expect([outcome, callerRegion]).toEqual(['AccessDeniedException', from]);
      expect(body).toContain('explicit deny');
    }
  });

  it.each(FORBIDDEN)('and without that Deny, %s by the border behind IAM', async (_, to) => {
    for (const [cell, region] of [
      ['eu', EU],
      ['us', US],
    ] as const) {
      const { outcome } = await attempt(UNGUARDED, to(cell, region), region);
      expect(outcome).toBe('ResidencyRefused');
    }
  });

  it('reaches claims and homes in the primary’s directory, and nothing else of it', async () => {
    for (const name of ['IDENTIFIER#1.abc', 'SUB#somebody']) {
      const { outcome } = await attempt(US, get('domicile-directory', name), EU);
      expect(outcome).toBe('ok');
    }
    for (const name of ['CLIENT#shop', 'KEYRING', 'SIGNING-KEYS']) {
      const { outcome } = await attempt(US, get('domicile-directory', name), EU);
      expect(outcome).toBe('AccessDeniedException');
    }
    // What names no key has none that could be found wrong.
    const scan = dynamo('Scan', { TableName: 'domicile-directory' });
    expect((await attempt(US, scan, EU)).outcome).toBe('AccessDeniedException');
    expect((await attempt(EU, scan, EU)).outcome).toBe('ok');
  });

  it('reaches no directory that is a replica of another region', async () => {
    const read = get('domicile-directory', 'IDENTIFIER#1.abc');
    expect((await attempt(US, read, AP)).outcome).toBe('AccessDeniedException');
    expect((await attempt(EU, read, US)).outcome).toBe('AccessDeniedException');
    expect((await attempt(UNGUARDED, read, US)).outcome).toBe('ResidencyRefused');
  });

  it.each([
    ['domicile-token', ['domicile-token']],
    ['domicile-interaction', ['domicile-interaction']],
    ['domicile-account', ['domicile-token']],
  ])('calls from %s no other functions of other cells than %j', async (caller, called) => {
    for (const name of ['domicile-token', 'domicile-interaction', 'domicile-account']) {
      const { outcome } = await attempt(US, invoke(name), EU, caller);
      expect([name, outcome]).toEqual([
        ...[name, called.includes(name) ? 'ok' : 'AccessDeniedException'],
      ]);
    }
  });
});

const SCAN = 'dynamodb:Scan';

/** What is worked on with each kind of resource; condition keys as the primary's claims have them. */
const ACTIONS: Readonly<Record<string, ReadonlyArray<string>>> = {
  'AWS::DynamoDB::Table': ['GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
    (action) => `dynamodb:${action}`,
  ),
  'AWS::KMS::Key': ['Decrypt', 'Encrypt', 'GenerateDataKey', 'Sign', 'CreateGrant'].map(
    (action) => `kms:${action}`,
  ),
  'AWS::Lambda::Function': ['lambda:InvokeFunction'],
  'AWS::StepFunctions::StateMachine': ['states:StartExecution'],
  'AWS::Logs::LogGroup': ['logs:PutLogEvents', 'logs:FilterLogEvents'],
};

function allowedAbroad(roleOf: DeployedResource): ReadonlyArray<string> {
  const { deployment, infrastructure } = cloud.cloud;
  const { name, region, roleArn } = readFunction(deployment, roleOf);
  const others = deployment.resources.filter((resource) => resource.region !== region);
  return others.flatMap((resource) =>
    (ACTIONS[resource.type.replace('GlobalTable', 'Table')] ?? [])
      .filter((action) => {
        const query = {
          ...{ principal: { roleArn, name, region }, region: resource.region, action },
          resource: resource.attributes['Arn'] ?? resource.physicalId,
          // A Scan names no key.
          context: action === SCAN ? {} : { 'dynamodb:LeadingKeys': ['SUB#somebody'] },
        };
        return infrastructure.authorizer.authorize(query).allowed;
      })
      .map((action) => `${action} ${resource.physicalId}`),
  );
}

describe('of everything that is deployed in other regions, with an Allow for it,', () => {
  it.each([EU, US])('the functions of %s may use what residents elsewhere need', (region) => {
    const functions = cloud.cloud.deployment
      .byType('AWS::Lambda::Function')
      .filter((resource) => resource.region === region);
    expect(functions.length).toBeGreaterThanOrEqual(4);
    const ofTables = region === EU ? [] : (ACTIONS['AWS::DynamoDB::Table'] ?? []);
    const byKey = ofTables.filter((action) => action !== SCAN);
    const claims = byKey.map((action) => `${action} domicile-directory`);
    const call = (name: string) => `lambda:InvokeFunction ${name}`;
    const expected: Readonly<Record<string, ReadonlyArray<string>>> = {
      'domicile-token': [...claims, call('domicile-token')],
      'domicile-interaction': [...claims, call('domicile-interaction')],
      'domicile-account': [call('domicile-token')],
      'domicile-privacy': [...claims, call('domicile-privacy')],
      'domicile-privacy-admin': [...claims, call('domicile-privacy-admin')],
      'domicile-erasure': claims,
    };
    for (const resource of functions) {
      const allowed = [...new Set(allowedAbroad(resource))].sort();
      const name = resource.physicalId;
      expect([name, allowed]).toEqual([name, [...(expected[name] ?? [])].sort()]);
    }
  });

  it('all of it would be allowed without the Deny', () => {
    const [token] = cloud.cloud.deployment
      .byType('AWS::Lambda::Function')
      .filter(({ region, physicalId }) => region === AP && physicalId === 'domicile-token');
    if (token === undefined) throw new Error('no token function');
    const allowed = allowedAbroad(token).join();
    for (const name of ['domicile-data-eu', 'domicile-keys-us', 'kms:Decrypt', 'domicile-admin']) {
      expect(allowed).toContain(name);
    }
  });
});
