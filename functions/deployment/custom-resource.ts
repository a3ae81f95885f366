import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';

/** Time kept back to answer CloudFormation, which otherwise waits until its own timeout. */
const ANSWER_RESERVE_MS = 20_000;
const ANSWER_ATTEMPTS = 3;
const ANSWER_TIMEOUT_MS = 5_000;

interface Outcome {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
}

export interface CustomResourceHandler {
  /** Stays the same for the life of the resource, so that CloudFormation never replaces it. */
  readonly physicalResourceId: string;
  /** Runs on Create and Update, and so has to be idempotent. */
  apply(): Promise<void>;
  /** The sentence that CloudFormation shows on failure. Holds no secret. */
  describeFailure(error: unknown): string;
}

/**
 * Speaks CloudFormation's custom resource protocol: every request gets its answer at ResponseURL,
 * also when `apply` fails or takes too long. Delete does nothing. Throws when no answer could be
 * delivered.
 */
export async function answerCustomResource(
  event: CloudFormationCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  handler: CustomResourceHandler,
): Promise<void> {
  const outcome =
    event.RequestType === 'Delete'
      ? { Status: 'SUCCESS' as const }
      : await settle(handler, context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS);
  await deliver(event.ResponseURL, {
    ...outcome,
    PhysicalResourceId: handler.physicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
}

async function settle(handler: CustomResourceHandler, budgetMs: number): Promise<Outcome> {
  const deadline = new AbortController();
  const late = delay(Math.max(budgetMs, 0), undefined, { signal: deadline.signal }).then(() => {
    throw new Error('provisioning did not end in time');
  });
  try {
    await Promise.race([handler.apply(), late]);
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: handler.describeFailure(error) };
  } finally {
    late.catch(() => undefined);
    deadline.abort();
  }
}

async function deliver(url: string, answer: object): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, {
        method: 'PUT',
        // The URL is pre-signed for an empty content type.
        headers: { 'content-type': '' },
        body: JSON.stringify(answer),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      if (response.ok) return;
      throw new Error(`CloudFormation's response URL answered ${response.status}`);
    } catch (error) {
      if (attempt === ANSWER_ATTEMPTS) throw error;
    }
  }
}
