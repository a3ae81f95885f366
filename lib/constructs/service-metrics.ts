import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type CountedEvent, METRICS_NAMESPACE } from '../../functions/environment.ts';
import { functionName } from '../names.ts';
import type { Surface } from '../surfaces.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** Percentage of the API's answers that are 5xx. Below 20 requests one failure is no rate. */
export function serverErrorPercentage(apiId: string): IMetric {
  return new MathExpression({
    label: '5xx answers (%)',
    expression: 'IF(requests > 20, 100 * errors / requests, 0)',
    usingMetrics: { errors: apiMetric(apiId, '5xx'), requests: apiMetric(apiId, 'Count') },
    period: FIVE_MINUTES,
  });
}

export function apiMetric(apiId: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });
}

export function functionMetric(
  surface: Surface,
  metricName: 'Duration' | 'Errors' | 'Throttles' | 'Invocations',
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName(surface) },
    label: surface,
    statistic,
    period: FIVE_MINUTES,
  });
}

/** Reads and writes that DynamoDB turned away, retries included. */
export function tableThrottles(tableName: string): IMetric {
  // Ids of metrics are unique within a graph, which may show several tables.
  const id = tableName.replaceAll('-', '_');
  return new MathExpression({
    label: `${tableName} throttled`,
    expression: `FILL(${id}_reads, 0) + FILL(${id}_writes, 0)`,
    usingMetrics: {
      [`${id}_reads`]: tableMetric(tableName, 'ReadThrottleEvents'),
      [`${id}_writes`]: tableMetric(tableName, 'WriteThrottleEvents'),
    },
    period: FIVE_MINUTES,
  });
}

const OPERATIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'TransactWriteItems',
] as const;

/** Failures on DynamoDB's side, summed over the operations that surfaces use. */
export function tableErrors(tableName: string): IMetric {
  const byOperation = OPERATIONS.map(
    (operation, index) => [`m${index}`, tableMetric(tableName, 'SystemErrors', operation)] as const,
  );
  return new MathExpression({
    label: `${tableName} errors`,
    expression: byOperation.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(byOperation),
    period: FIVE_MINUTES,
  });
}

function tableMetric(tableName: string, metricName: string, operation?: string): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: {
      TableName: tableName,
      ...(operation === undefined ? {} : { Operation: operation }),
    },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });
}

/**
 * Operations with keys of one kind, as they count towards the account's quota for it in this region.
 * By kind, because signing keys come and go at run time: no template knows their ARNs.
 */
export function signatures(keys: 'Rsa' | 'Ecc', label: string): Metric {
  return new Metric({
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensionsMap: {
      Service: 'KMS',
      Type: 'API',
      Resource: `CryptographicOperations${keys}`,
      Class: 'None',
    },
    label,
    statistic: Stats.SUM,
    period: Duration.minutes(1),
  });
}

/** Share of mails, 0 to 1, as SES judges the account's reputation by. */
export function mailReputation(metricName: 'BounceRate' | 'ComplaintRate'): Metric {
  return new Metric({
    namespace: 'AWS/SES',
    metricName: `Reputation.${metricName}`,
    statistic: Stats.MAXIMUM,
    period: Duration.hours(1),
  });
}

/** Guesses, whether or not they were still looked at. */
export function failedSignIns(): IMetric {
  return new MathExpression({
    label: 'failed and refused sign-ins',
    expression: 'FILL(failed, 0) + FILL(locked, 0)',
    usingMetrics: {
      failed: eventCount('interaction', 'SignInFailed'),
      locked: eventCount('interaction', 'SignInLocked'),
    },
    period: FIVE_MINUTES,
  });
}

/** The same event of several surfaces, added up. */
export function eventsOf(surfaces: ReadonlyArray<Surface>, metricName: CountedEvent): IMetric {
  // Ids of metrics know no hyphen.
  const byId = surfaces.map((surface) => [surface.replaceAll('-', '_'), surface] as const);
  return new MathExpression({
    label: metricName,
    expression: byId.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(
      byId.map(([id, surface]) => [id, eventCount(surface, metricName)]),
    ),
    period: FIVE_MINUTES,
  });
}

/** Milliseconds from a write in this region until a replica of the table has it. */
export function replicationLatency(tableName: string, receivingRegion: string): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: 'ReplicationLatency',
    dimensionsMap: { TableName: tableName, ReceivingRegion: receivingRegion },
    label: receivingRegion,
    statistic: Stats.AVERAGE,
    period: FIVE_MINUTES,
  });
}

/** A business event that a function counts (EMF, `functions/http/observability.ts`). */
export function eventCount(surface: Surface, metricName: CountedEvent): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: surface },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });
}

/** Milliseconds since the oldest write that the consumer of streams has not worked on. */
export function consumerLag(surface: Surface): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensionsMap: { FunctionName: functionName(surface) },
    label: `${surface} behind (ms)`,
    statistic: Stats.MAXIMUM,
    period: FIVE_MINUTES,
  });
}

/** Messages that wait in a queue for somebody to look at them. */
export function waitingMessages(queueName: string): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensionsMap: { QueueName: queueName },
    label: queueName,
    statistic: Stats.MAXIMUM,
    period: FIVE_MINUTES,
  });
}

/** What a bucket holds; S3 says so once a day. */
export function bucketBytes(bucketName: string, label: string): Metric {
  return new Metric({
    namespace: 'AWS/S3',
    metricName: 'BucketSizeBytes',
    dimensionsMap: { BucketName: bucketName, StorageType: 'StandardStorage' },
    label,
    statistic: Stats.AVERAGE,
    period: Duration.days(1),
  });
}
