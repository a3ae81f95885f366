import {
  DescribeKeyCommand,
  DisableKeyCommand,
  type KeyMetadata,
  type KeyState,
  type KMSClient,
  KMSInvalidStateException,
  NotFoundException,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { UnavailableError } from '../../core/errors.ts';
import { callAws, isAccessDenied } from '../aws-errors.ts';

/** The longest that KMS takes: an operator's mistake can be undone until then. */
const DELETION_WINDOW_DAYS = 30;

const AWAITING_DELETION: ReadonlySet<string> = new Set<KeyState>([
  'PendingDeletion',
  'PendingReplicaDeletion',
]);

/** A region that is away, or where IAM has not heard of a key's tag yet. */
export interface Unreached {
  readonly region: string;
  /** Name of the error. */
  readonly reason: string;
}

/** Undefined when the region does not have it. */
export async function findKey(kms: KMSClient, keyId: string): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata: key } = await callAws('KMS', () =>
      kms.send(new DescribeKeyCommand({ KeyId: keyId })),
    );
    return key;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** A key that is not there has no tag either, so that IAM may refuse instead of finding nothing. */
export async function isUsable(kms: KMSClient, keyId: string): Promise<boolean> {
  try {
    return (await findKey(kms, keyId))?.KeyState === 'Enabled';
  } catch (error) {
    if (isPassing(error)) return false;
    throw error;
  }
}

/** Ends something in a region; undefined when that went well. */
export async function findUnreached(
  region: string,
  end: () => Promise<void>,
): Promise<Unreached | undefined> {
  try {
    await end();
    return undefined;
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { region, reason: error.name };
  }
}

/** What another try may not meet: an outage, or IAM that has not heard of a key or its tag. */
function isPassing(error: unknown): error is Error {
  return error instanceof UnavailableError || isAccessDenied(error);
}

/** Once disabled it stays so, also when it is to be deleted. */
export async function disableIn(kms: KMSClient, keyId: string): Promise<void> {
  await endUse(kms, keyId, () => kms.send(new DisableKeyCommand({ KeyId: keyId })));
}

/** Ends its use now, and its existence later. */
export async function scheduleIn(kms: KMSClient, keyId: string): Promise<void> {
  await endUse(kms, keyId, () =>
    kms.send(
      new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: DELETION_WINDOW_DAYS }),
    ),
  );
}

/** A region that never had the key, or has it waiting for its deletion, has nothing left to end. */
async function endUse(kms: KMSClient, keyId: string, end: () => Promise<unknown>): Promise<void> {
  try {
    await callAws('KMS', end);
  } catch (error) {
    if (error instanceof NotFoundException) return;
    if (!(error instanceof KMSInvalidStateException)) throw error;
    const state = (await findKey(kms, keyId))?.KeyState;
    if (state !== undefined && !AWAITING_DELETION.has(state)) throw error;
  }
}
