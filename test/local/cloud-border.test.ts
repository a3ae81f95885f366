import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvent } from '../../local/http-api/event.ts';
import type { ApiRequest } from '../../local/http-api/request.ts';
import type { Stack, TemplateResource } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

/** Calls whatever it is told to, with the credentials that the function has. */
const CURIOUS = `
export async function handler({ service, region, target, body }) {
  const { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: key } = process.env;
  const scope = \`\${key}/20260101/\${region}/\${service}/aws4_request\`;
  const headers = {
    authorization: \`AWS4-HMAC-SHA256 Credential=\${scope}, SignedHeaders=host, Signature=0\`,
    'x-amz-target': target,
  };
  const path = service === 'lambda' ? target : '/';
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.text() };
}
`;

/** A role that may do everything, everywhere: no policy stands between the function and the border. */
const EVERYTHING = {
  PolicyName: 'surface',
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
};

/** Of one region, the stack whose functions all do as they are told. */
function corrupt(stack: Stack, region: string, bundle: string): Stack {
  if (stack.name !== 'Domicile-Identity' || stack.region !== region) return stack;
  const change = (resource: TemplateResource): TemplateResource => {
    const { Type, Properties = {}, Metadata = {} } = resource;
    if (Type === 'AWS::IAM::Role') {
      return { ...resource, Properties: { ...Properties, Policies: [EVERYTHING] } };
    }
    if (Type !== 'AWS::Lambda::Function') return resource;
    const path = relative(stack.assemblyDirectory, bundle);
    return { ...resource, Metadata: { ...Metadata, 'aws:asset:path': path } };
  };
  const changed = Object.entries(stack.template.Resources).map(([id, resource]) => [
    id,
    change(resource),
  ]);
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(changed) } };
}

describe('a function that its policies let do everything', () => {
  let cloud: TestCloud;
  const own = 'us-east-1';
  const other = 'eu-central-1';

  beforeAll(async () => {
    const bundle = mkdtempSync(join(tmpdir(), 'curious-'));
    writeFileSync(join(bundle, 'index.mjs'), CURIOUS);
    cloud = await startTestCloud({
      cells: ['eu', 'us'],
      transformTemplate: (stack) => corrupt(stack, own, bundle),
    });
  });
  afterAll(() => cloud.close());

  /** What the token function of `us` gets when it makes that call; and what the call log says. */
  async function attempt(call: object) {
    const { endpoint, region: _, ...credentials } = cloud.cloud.seed().aws;
    const lambda = new LambdaClient({ endpoint, region: own, credentials });
    const before = cloud.mark();
    const Payload = JSON.stringify(call);
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: 'domicile-token', Payload }),
    );
    const { status }: { status: number } = JSON.parse(answer.Payload?.transformToString() ?? '');
    const logged = cloud.calls(before).find(({ principal }) => principal === 'domicile-token');
    return { status, logged };
  }

  const scan = (table: string, region: string) => ({
    service: 'dynamodb',
    region,
    target: 'DynamoDB_20120810.Scan',
    body: { TableName: table },
  });
  const invoke = (name: string) => ({
    service: 'lambda',
    region: other,
    target: `/2015-03-31/functions/${name}/invocations`,
    body: {},
  });

  it("reads its own cell's table, which shows that nothing else is in its way", async () => {
    const { status, logged } = await attempt(scan('domicile-data-us', own));
    expect([status, logged?.outcome]).toEqual([200, 'ok']);
  });

  it.each([
    ["another cell's data", scan('domicile-data-eu', other)],
    ["another cell's keys of people", scan('domicile-keys-eu', other)],
    ['the admin function', invoke('domicile-admin')],
    [
      'a KMS key of another region',
      { service: 'kms', region: other, target: 'TrentService.ListKeys', body: {} },
    ],
  ])('still does not reach %s, and is told so, as is the call log', async (_, call) => {
    const { status, logged } = await attempt(call);
    expect(status).toBe(403);
    expect(logged).toMatchObject({
      callerRegion: own,
      region: other,
      outcome: 'ResidencyRefused',
    });
  });

  it("reaches the primary's directory, and one of the functions that cells call of each other", async () => {
    const read = await attempt(scan('domicile-directory', other));
    expect([read.status, read.logged?.outcome]).toEqual([200, 'ok']);
    const called = await attempt(invoke('domicile-token'));
    expect([called.status, called.logged?.outcome]).toEqual([200, 'ok']);
  });

  it('causes calls elsewhere that are logged apart, and name the request behind them', async () => {
    const administrator = cloud.cloud.seed().clients.find(({ role }) => role === 'administrator');
    const { client_id: id, client_secret: secret } = administrator?.client ?? {};
    const request: ApiRequest = {
      method: 'POST',
      path: '/oauth2/token',
      query: '',
      headers: {
        host: new URL(cloud.issuer).host,
        authorization: `Basic ${btoa(`${id}:${secret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: Buffer.from('grant_type=client_credentials'),
      sourceAddress: '127.0.0.1',
    };
    const event = createEvent(request, {
      routeKey: 'POST /oauth2/token',
      pathParameters: {},
      apiId: 'api',
      accountId: '111122223333',
      requestId: 'from-the-api',
      nowMs: Date.now(),
    });
    const before = cloud.mark();
    await attempt({ ...invoke('domicile-token'), body: event });
    const calls = cloud.calls(before);
    const caused = calls.filter(({ callerRegion }) => callerRegion === other);
    const invocation = calls.find(({ callerRegion }) => callerRegion === own);
    expect(caused.map(({ operation }) => operation)).toContain('Sign');
    for (const { requestId, parentRequestId } of caused) {
      expect(parentRequestId).toBe(invocation?.requestId);
      expect(requestId).not.toBe(invocation?.requestId);
    }
  });
});
