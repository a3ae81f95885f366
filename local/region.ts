import { join } from 'node:path';
import { createDynamoDbService, type DynamoDbService } from './dynamodb/service.ts';
import type { Endpoint } from './gateway/pipeline.ts';
import { createJsonProtocol, createQueryProtocol, LAMBDA_PROTOCOL } from './gateway/protocol.ts';
import { createKmsService } from './kms/service.ts';
import type { KeyVault } from './kms/vault.ts';
import type { FunctionPool } from './lambda/function-pool.ts';
import { createLambdaService, type LambdaService } from './lambda/lambda-service.ts';
import { createSesService, type SesService } from './ses/service.ts';
import { renderXmlError } from './ses/xml.ts';
import type { Deployment } from './template/deployment.ts';
import type { AwsService, Clock } from './types.ts';
import { startWorkflows, type Workflows, type WorkflowsOptions } from './workflows.ts';

/** The AWS services of one region. */
export interface Region {
  readonly name: string;
  readonly dynamodb: DynamoDbService;
  readonly kms: AwsService;
  readonly ses: SesService;
  readonly workflows: Workflows;
  readonly lambda: LambdaService;
  /** By the signing name of the service. */
  find(service: string): Endpoint | undefined;
  close(): Promise<void>;
}

export interface RegionOptions
  extends Pick<WorkflowsOptions, 'gatewayUrl' | 'credentials' | 'isAllowed' | 'logs' | 'archive'> {
  readonly name: string;
  readonly accountId: string;
  readonly deployment: Deployment;
  /** By name or ARN. */
  findPool(nameOrArn: string): FunctionPool | undefined;
  readonly vault: KeyVault;
  readonly clock: Clock;
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
  const lambda = createLambdaService(options.findPool);
  const workflows = await startWorkflows({ ...options, region });
  const endpoints = new Map<string, Endpoint>([
    [
      'dynamodb',
      {
        service: dynamodb,
        protocol: createJsonProtocol('1.0', 'com.amazonaws.dynamodb.v20120810#'),
      },
    ],
    ['kms', { service: kms, protocol: createJsonProtocol('1.1', '') }],
    ['ses', { service: ses, protocol: createQueryProtocol(renderXmlError) }],
    ['states', { service: workflows.service, protocol: createJsonProtocol('1.0', '') }],
    ['events', { service: workflows.events, protocol: createJsonProtocol('1.1', '') }],
    ['lambda', { service: lambda, protocol: LAMBDA_PROTOCOL }],
  ]);
  return {
    name: region,
    dynamodb,
    kms,
    ses,
    workflows,
    lambda,
    find: (service) => endpoints.get(service),
    close: async () => {
      await workflows.close();
      await dynamodb.close();
    },
  };
}
