import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { AWS_CLIENT_SETTINGS } from '../adapters/aws-errors.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { ENVIRONMENT, requireText } from '../environment.ts';
import { answerCustomResource } from './custom-resource.ts';
import { ensureKeyring } from './keyring.ts';
import { publishSigningKey, type SigningKey } from './signing-keys.ts';

/** A role made seconds ago may be refused until IAM has told everybody about it. */
const PERMISSION_DELAYS_MS = [1_000, 3_000];

const logger = new Logger({ serviceName: 'provision' });
const deps = {
  dynamo: createDynamo(),
  kms: new KMSClient(AWS_CLIENT_SETTINGS),
  directoryTable: requireText(ENVIRONMENT.directoryTable),
  keyringKeyArn: requireText(ENVIRONMENT.keyringKeyArn),
};
const signingKeys: ReadonlyArray<SigningKey> = [
  { algorithm: 'RS256', keyArn: requireText(ENVIRONMENT.signingKeyArnRs256) },
  { algorithm: 'ES256', keyArn: requireText(ENVIRONMENT.signingKeyArnEs256) },
];

/** CloudFormation's custom resource: the keyring and the published signing keys. */
export async function handler(
  event: CloudFormationCustomResourceEvent,
  context: Context,
): Promise<void> {
  // Not the event: its ResponseURL is a credential.
  logger.info('provisioning', { requestType: event.RequestType });
  await answerCustomResource(event, context, {
    physicalResourceId: 'domicile-provisioned',
    apply: () => withPermissions(provision),
    describeFailure(error) {
      logger.error('provisioning failed', { error: describe(error) });
      return describe(error);
    },
  });
}

async function provision(): Promise<void> {
  const keyring = await ensureKeyring(deps);
  const published = await Promise.all(
    signingKeys.map((key) => publishSigningKey(deps, key, new Date())),
  );
  logger.info('provisioned', { keyring, published });
}

async function withPermissions(apply: () => Promise<void>): Promise<void> {
  for (const delayMs of PERMISSION_DELAYS_MS) {
    try {
      return await apply();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AccessDeniedException')) throw error;
      await delay(delayMs);
    }
  }
  await apply();
}

/** AWS's errors name actions and ARNs, ours name what is missing; neither quotes a key. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure';
}
