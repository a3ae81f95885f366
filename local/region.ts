import { join } from 'node:path';
import { createDynamoDbService, type DynamoDbService } from './dynamodb/service.ts';
import type { Endpoint } from './gateway/pipeline.ts';
import { createJsonProtocol, createQueryProtocol, LAMBDA_PROTOCOL } from './gateway/protocol.ts';
import { createKmsService } from './kms/service.ts';
import type { KeyVault } from './kms/vault.ts';
import type { FunctionPool } from './lambda/function-pool.ts';
import { createLambdaService, type LambdaService } from './lambda/lambda-service.ts';
import { S3_PROTOCOL } from './s3/protocol.ts';
import { createS3Service, type S3Service } from './s3/service.ts';
import { createSesService, type SesService } from './ses/service.ts';
import { renderXmlError } from './ses/xml.ts';
import { createSqsService, type SqsService } from './sqs/service.ts';
import { createRoleClient } from './states/role-client.ts';
import { openStreams, type StreamMode, type Streams } from './streams/streams.ts';
import type { Deployment } from './template/deployment.ts';
import type { AwsService, Clock, DeployedResource } from './types.ts';
import { startWorkflows, type Workflows, type WorkflowsOptions } from './workflows.ts';

/** The AWS services of one region. */
export interface Region {
  readonly name: string;
  readonly dynamodb: DynamoDbService;
  readonly kms: AwsService;
  readonly ses: SesService;
  readonly s3: S3Service;
  readonly workflows: Workflows;
  readonly lambda: LambdaService;
  readonly sqs: SqsService;
  readonly streams: Streams;
  /** By the signing name of the service. */
  find(service: string): Endpoint | undefined;
  close(): Promise<void>;
}

export interface RegionOptions
  extends Pick<
    WorkflowsOptions,
    | 'gatewayUrl'
    | 'credentials'
    | 'isAllowed'
    | 'logs'
    | 'archive'
    | 'disabledRules'
    | 'retryPauses'
  > {
  readonly name: string;
  readonly accountId: string;
  readonly deployment: Deployment;
  /** By name or ARN. */
  findPool(nameOrArn: string): FunctionPool | undefined;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly streamMode: StreamMode;
  readonly isDown: (region: string) => boolean;
  readonly dynamodbEngine: 'dynalite' | { readonly endpoint: string };
  /** Where items are kept over restarts. */
  readonly dataDirectory: string | undefined;
}

export async function startRegion(options: RegionOptions): Promise<Region> {
  const { name: region, accountId: account, deployment, clock, dataDirectory } = options;
  const dynamodb = await createDynamoDbService({
    region,
    account,
    tables: [
      ...deployment.byType('AWS::DynamoDB::GlobalTable'),
      ...deployment.byType('AWS::DynamoDB::Table'),
    ],
    aliases: deployment.byType('AWS::KMS::Alias'),
    clock,
    engine: options.dynamodbEngine,
    ...(dataDirectory !== undefined && { dataDirectory: join(dataDirectory, 'dynamodb', region) }),
  });
  const kms = createKmsService(options.vault, region);
  const ses = createSesService({ region, account, clock });
  const s3 = await createS3Service({
    region,
    account,
    buckets: deployment.byType('AWS::S3::Bucket'),
    clock,
    keys: options.vault.inRegion(region),
    ...(dataDirectory !== undefined && { dataDirectory: join(dataDirectory, 's3', region) }),
  });
  const lambda = createLambdaService(options.findPool);
  const sqs = createSqsService({ region, queues: queuesIn(deployment, region), clock });
  const workflows = await startWorkflows({ ...options, region });
  const streams = await startStreams(options);
  dynamodb.onStreamed(streams.wake);
  const endpoints = new Map<string, Endpoint>([
    [
      'dynamodb',
      {
        service: dynamodb,
        protocol: createJsonProtocol('1.0', 'com.amazonaws.dynamodb.v20120810#'),
      },
    ],
    ['kms', { service: kms, protocol: createJsonProtocol('1.1', '') }],
    ['s3', { service: s3, protocol: S3_PROTOCOL }],
    ['ses', { service: ses, protocol: createQueryProtocol(renderXmlError) }],
    ['states', { service: workflows.service, protocol: createJsonProtocol('1.0', '') }],
    ['sqs', { service: sqs, protocol: createJsonProtocol('1.0', 'com.amazonaws.sqs#') }],
    ['events', { service: workflows.events, protocol: createJsonProtocol('1.1', '') }],
    ['lambda', { service: lambda, protocol: LAMBDA_PROTOCOL }],
  ]);
  return {
    name: region,
    dynamodb,
    kms,
    ses,
    s3,
    workflows,
    lambda,
    sqs,
    streams,
    find: (service) => endpoints.get(service),
    close: async () => {
      await streams.halt();
      await workflows.close();
      await dynamodb.close();
    },
  };
}

function queuesIn({ byType }: Deployment, region: string): ReadonlyArray<DeployedResource> {
  return byType('AWS::SQS::Queue').filter((queue) => queue.region === region);
}

function startStreams({
  name: region,
  gatewayUrl,
  credentials,
  dataDirectory,
  dynamodbEngine,
  streamMode: mode,
  ...options
}: RegionOptions): Promise<Streams> {
  return openStreams({
    ...options,
    region,
    mode,
    callAs: createRoleClient(gatewayUrl, credentials),
    arePolled: dynamodbEngine !== 'dynalite',
    ...(dataDirectory !== undefined && { dataDirectory: join(dataDirectory, 'streams', region) }),
  });
}
