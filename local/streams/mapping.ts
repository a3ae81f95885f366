import { z } from 'zod';
import { type EventPattern, EventPatternError, readEventPattern } from '../events/event-pattern.ts';
import type { Deployment } from '../template/deployment.ts';
import { TemplateError } from '../template/template-error.ts';
import type { AuthorizationQuery, DeployedResource, Principal } from '../types.ts';

/** An AWS::Lambda::EventSourceMapping of a table's stream. */
export interface StreamMapping {
  /** The same on every start. */
  readonly id: string;
  readonly streamArn: string;
  /** Name or ARN. */
  readonly functionName: string;
  /** As whom the stream is read: the function's role. */
  readonly principal: Principal;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly bisects: boolean;
  /** Infinite unless the template limits them. */
  readonly maxRetries: number;
  readonly maxRecordAgeSeconds: number;
  readonly reportsItemFailures: boolean;
  /** ARN of an SQS queue that is told of records given up. */
  readonly onFailureArn: string | undefined;
  /** Whether the function is to see a record. */
  readonly wants: EventPattern;
}

const whole = z.coerce.number().int();
const UNLIMITED = -1;

const PropertiesSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  BatchSize: whole.min(1).max(10_000).default(100),
  MaximumBatchingWindowInSeconds: whole.min(0).max(300).default(0),
  ParallelizationFactor: whole.min(1).max(10).default(1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: whole.min(UNLIMITED).max(10_000).default(UNLIMITED),
  MaximumRecordAgeInSeconds: whole.min(UNLIMITED).max(604_800).default(UNLIMITED),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string() }).optional() })
    .optional(),
  FilterCriteria: z
    .object({
      Filters: z
        .array(z.object({ Pattern: z.string() }))
        .max(5)
        .default([]),
    })
    .optional(),
  Enabled: z.boolean().default(true),
});

/** Lambda asks whether the role has these when the mapping is made. */
const READING = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/**
 * Reads the mappings of a region that are enabled. Throws TemplateError for what is not spoken here,
 * and where Lambda would refuse to make the mapping.
 */
export function readMappings(
  deployment: Deployment,
  region: string,
  isAllowed: (query: AuthorizationQuery) => boolean,
): ReadonlyArray<StreamMapping> {
  return deployment
    .byType('AWS::Lambda::EventSourceMapping')
    .filter((resource) => resource.region === region)
    .flatMap((resource) => {
      const mapping = readMapping(deployment, resource);
      if (mapping === undefined) return [];
      requireRights(mapping, `${resource.stack}/${resource.logicalId}`, isAllowed);
      return [mapping];
    });
}

function readMapping(
  deployment: Deployment,
  resource: DeployedResource,
): StreamMapping | undefined {
  const where = `${resource.stack}/${resource.logicalId}`;
  const parsed = PropertiesSchema.safeParse(resource.properties);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TemplateError(where, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const properties = parsed.data;
  const { EventSourceArn: streamArn, FunctionName: functionName } = properties;
  if (!/^arn:aws:dynamodb:[^:]+:\d+:table\/[^/]+\/stream\/.+$/.test(streamArn)) {
    throw new TemplateError(where, `${streamArn} is no stream of a table`);
  }
  if (!properties.Enabled) return undefined;
  return {
    id: resource.physicalId,
    streamArn,
    functionName,
    principal: readerOf(deployment, resource, functionName),
    startingPosition: properties.StartingPosition,
    batchSize: properties.BatchSize,
    batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
    bisects: properties.BisectBatchOnFunctionError,
    maxRetries: limitOf(properties.MaximumRetryAttempts),
    maxRecordAgeSeconds: limitOf(properties.MaximumRecordAgeInSeconds),
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
    onFailureArn: readDestination(properties.DestinationConfig?.OnFailure?.Destination, where),
    wants: readFilters(properties.FilterCriteria?.Filters ?? [], where),
  };
}

function limitOf(limit: number): number {
  return limit === UNLIMITED ? Number.POSITIVE_INFINITY : limit;
}

function readerOf(
  deployment: Deployment,
  { stack, region, logicalId }: DeployedResource,
  functionName: string,
): Principal {
  const lambda = deployment
    .byType('AWS::Lambda::Function')
    .find(
      (one) =>
        one.region === region && [one.physicalId, one.attributes['Arn']].includes(functionName),
    );
  if (lambda === undefined) {
    throw new TemplateError(`${stack}/${logicalId}`, `there is no function ${functionName}`);
  }
  const name = `${lambda.physicalId}-stream`;
  return { roleArn: String(lambda.properties['Role']), name, region };
}

function readDestination(arn: string | undefined, where: string): string | undefined {
  if (arn === undefined || /^arn:aws:sqs:[^:]+:\d+:[^:]+$/.test(arn)) return arn;
  throw new TemplateError(where, `the destination ${arn} is no SQS queue`);
}

/** One filter that fits is enough; without any, every record is wanted. */
function readFilters(
  filters: ReadonlyArray<{ readonly Pattern: string }>,
  where: string,
): EventPattern {
  try {
    const patterns = filters.map(({ Pattern }) => readEventPattern(Pattern));
    return (record) => patterns.length === 0 || patterns.some((pattern) => pattern(record));
  } catch (error) {
    if (error instanceof EventPatternError) throw new TemplateError(where, error.message);
    throw error;
  }
}

function requireRights(
  { principal, streamArn }: StreamMapping,
  where: string,
  isAllowed: (query: AuthorizationQuery) => boolean,
): void {
  const region = principal.region ?? '';
  const missing = READING.find((operation) => {
    const resource = operation === 'ListStreams' ? '*' : streamArn;
    const action = `dynamodb:${operation}`;
    return !isAllowed({ principal, region, action, resource, context: {} });
  });
  if (missing === undefined) return;
  throw new TemplateError(
    where,
    `Cannot access stream ${streamArn}. The function's role needs dynamodb:${missing}`,
  );
}
