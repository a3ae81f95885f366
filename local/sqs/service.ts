import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsRequest, type AwsService, type Clock } from '../types.ts';

/** A message that nobody has taken yet: nothing takes any here. */
export interface QueuedMessage {
  readonly id: string;
  readonly at: string;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

/** `GET /_local/api/queues`: a queue with its messages, oldest first. */
export interface QueueView {
  readonly region: string;
  readonly name: string;
  readonly messages: ReadonlyArray<QueuedMessage>;
}

export interface SqsService extends AwsService {
  view(): ReadonlyArray<QueueView>;
  reset(): void;
}

export interface SqsOptions {
  readonly region: string;
  /** `AWS::SQS::Queue` of this region. */
  readonly queues: ReadonlyArray<{
    readonly physicalId: string;
    readonly attributes: Readonly<Record<string, string>>;
  }>;
  readonly clock: Clock;
}

const SendSchema = z.object({ QueueUrl: z.string(), MessageBody: z.string().min(1) });
/** Of a message; AWS raised it from 256 KiB in 2025. */
const MAX_BYTES = 1024 * 1024;
/** Of a queue: whoever floods one loses its oldest. */
const CAPACITY = 1_000;

/** SQS of one region (JSON protocol, target `AmazonSQS`), of which `SendMessage` is spoken. */
export function createSqsService({ region, queues, clock }: SqsOptions): SqsService {
  const messages = new Map<string, Array<QueuedMessage>>(
    queues.map(({ physicalId }) => [physicalId, []]),
  );
  const nameOf = (url: string) => url.split('/').at(-1) ?? url;
  const requireQueue = (request: AwsRequest) => {
    const { QueueUrl, MessageBody } = readSend(request);
    const queue = queues.find(({ physicalId }) => physicalId === QueueUrl);
    if (queue !== undefined) return { queue, MessageBody };
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  };
  return {
    authorizations: (request) => {
      const { queue } = requireQueue(request);
      return [{ action: 'sqs:SendMessage', resource: queue.attributes['Arn'] ?? '', context: {} }];
    },
    async handle(request) {
      const { queue, MessageBody } = requireQueue(request);
      const id = randomUUID();
      const kept = messages.get(queue.physicalId) ?? [];
      kept.push({ id, at: new Date(clock.nowMs()).toISOString(), body: readBody(MessageBody) });
      if (kept.length > CAPACITY) kept.shift();
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ MessageId: id, MD5OfMessageBody }),
      };
    },
    view: () =>
      [...messages].map(([url, all]) => ({ region, name: nameOf(url), messages: [...all] })),
    reset: () => {
      for (const all of messages.values()) all.length = 0;
    },
  };
}

function readSend({ operation, input }: AwsRequest): z.infer<typeof SendSchema> {
  if (operation !== 'SendMessage') {
    throw new AwsError('UnsupportedOperation', `${operation} is not emulated locally`);
  }
  const parsed = SendSchema.safeParse(input);
  if (!parsed.success)
    throw new AwsError('MissingParameter', 'QueueUrl and MessageBody are needed');
  if (Buffer.byteLength(parsed.data.MessageBody) <= MAX_BYTES) return parsed.data;
  throw new AwsError('InvalidParameterValue', 'The message is longer than 1048576 bytes.');
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
