import { Duration, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LOST_ACTS_QUEUE } from '../names.ts';
import { recordActs } from './audit-access.ts';
import { createPrivacyTask, type PrivacyContext } from './privacy-task.ts';
import type { SurfaceFunction } from './surface-function.ts';

/** Writes that carry an act; each wakes the function, all others cost nothing. */
const WITH_AN_ACT = { dynamodb: { NewImage: { act: { M: { id: { S: FilterRule.exists() } } } } } };

/** Sessions that nobody has ended. */
const EXPIRED_SESSIONS = {
  eventName: FilterRule.isEqual('REMOVE'),
  userIdentity: { principalId: FilterRule.isEqual('dynamodb.amazonaws.com') },
  dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('SESSION#') } } },
};

/** About half an hour of attempts: longer than what passes by itself, shorter than a stream lasts. */
const RETRY_ATTEMPTS = 30;

/**
 * Gathers the audit trail from what the data table, and in the primary region the directory, tell of
 * their writes: no request waits for it (ADR 0025).
 */
export class EventConsumer extends Construct {
  readonly #task: SurfaceFunction;
  readonly #lost: Queue;

  constructor(scope: Construct, id: string, context: PrivacyContext) {
    super(scope, id);
    const { dataStreamArn, directoryStreamArn } = context;
    const streams = [
      dataStreamArn,
      ...(directoryStreamArn === undefined ? [] : [directoryStreamArn]),
    ];
    this.#lost = this.#createQueue();
    this.#task = createPrivacyTask(this, context, {
      surface: 'events',
      statements: [
        ...recordActs(this, context.cell),
        ...readStreams(streams),
        new PolicyStatement({
          sid: 'KeepWhatCouldNotBeRead',
          effect: Effect.ALLOW,
          actions: ['sqs:SendMessage'],
          resources: [this.#lost.queueArn],
        }),
      ],
      memoryMiB: 256,
      timeout: Duration.minutes(1),
    });
    this.#follow('DataTable', dataStreamArn);
    if (directoryStreamArn !== undefined) this.#follow('Directory', directoryStreamArn);
    Validations.of(this.#task).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Lambda asks for ListStreams on all streams: IAM knows no narrower resource',
    });
  }

  #follow(id: string, streamArn: string): void {
    const mapping = new EventSourceMapping(this, id, {
      target: this.#task.function,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(2),
      filters: [FilterCriteria.filter(WITH_AN_ACT), FilterCriteria.filter(EXPIRED_SESSIONS)],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRY_ATTEMPTS,
      // The role has its grant already; CDK's would come in a policy of its own, after the function.
      onFailure: { bind: () => ({ destination: this.#lost.queueArn }) },
    });
    // Lambda reads the stream as the function.
    mapping.node.addDependency(this.#task);
  }

  /** Of each record that was given up: where in the stream it stands, for a day; nothing of it. */
  #createQueue(): Queue {
    const queue = new Queue(this, 'Lost', {
      queueName: LOST_ACTS_QUEUE,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is itself the queue of what could not be dealt with',
    });
    return queue;
  }
}

function readStreams(streamArns: ReadonlyArray<string>): ReadonlyArray<PolicyStatement> {
  return [
    new PolicyStatement({
      sid: 'ReadStreams',
      effect: Effect.ALLOW,
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [...streamArns],
    }),
    new PolicyStatement({
      sid: 'ListStreams',
      effect: Effect.ALLOW,
      actions: ['dynamodb:ListStreams'],
      resources: ['*'],
    }),
  ];
}
