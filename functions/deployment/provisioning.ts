import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { answerCustomResource } from './custom-resource.ts';

/** A role made seconds ago may be refused until IAM has told everybody about it. */
const PERMISSION_DELAYS_MS = [1_000, 3_000];

interface Provisioning {
  /** What was done, for the log: no key, no secret. */
  readonly provision: () => Promise<Readonly<Record<string, unknown>>>;
  readonly physicalResourceId: string;
  readonly logger: Logger;
}

/** The handler of a custom resource that creates what has to be there once, and keeps it. */
export function createProvisioner({ provision, physicalResourceId, logger }: Provisioning) {
  return async (event: CloudFormationCustomResourceEvent, context: Context): Promise<void> => {
    // Not the event: its ResponseURL is a credential.
    logger.info('provisioning', { requestType: event.RequestType });
    await answerCustomResource(event, context, {
      physicalResourceId,
      async apply() {
        logger.info('provisioned', await withPermissions(provision));
      },
      describeFailure(error) {
        logger.error('provisioning failed', { error: describe(error) });
        return describe(error);
      },
    });
  };
}

async function withPermissions<Outcome>(apply: () => Promise<Outcome>): Promise<Outcome> {
  for (const delayMs of PERMISSION_DELAYS_MS) {
    try {
      return await apply();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AccessDeniedException')) throw error;
      await delay(delayMs);
    }
  }
  return apply();
}

/** AWS's errors name actions and ARNs, ours name what is missing; neither quotes a key. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure';
}
