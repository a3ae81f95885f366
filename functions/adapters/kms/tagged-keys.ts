import {
  type KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  NotFoundException,
  type Tag,
} from '@aws-sdk/client-kms';
import { callAws, isAccessDenied } from '../aws-errors.ts';

const KEYS_PER_PAGE = 1000;

/** How the ids of multi-Region keys begin. */
const MULTI_REGION = 'mrk-';

/**
 * The id of the multi-Region key with this tag, in the client's region. One call per such key of the
 * account, one after the other: for what is needed after a crash only. Throws when one that might be
 * it cannot be read: whoever looks for it would make another.
 */
export async function findTaggedKey(kms: KMSClient, wanted: Tag): Promise<string | undefined> {
  let marker: string | undefined;
  do {
    const page = await callAws('KMS', () =>
      kms.send(
        new ListKeysCommand({
          Limit: KEYS_PER_PAGE,
          ...(marker !== undefined && { Marker: marker }),
        }),
      ),
    );
    for (const { KeyId: keyId } of page.Keys ?? []) {
      if (keyId?.startsWith(MULTI_REGION) !== true) continue;
      if (await hasTag(kms, keyId, wanted)) return keyId;
    }
    marker = page.Truncated === true ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return undefined;
}

async function hasTag(kms: KMSClient, keyId: string, wanted: Tag): Promise<boolean> {
  try {
    const { Tags: tags = [] } = await callAws('KMS', () =>
      kms.send(new ListResourceTagsCommand({ KeyId: keyId })),
    );
    return tags.some((tag) => tag.TagKey === wanted.TagKey && tag.TagValue === wanted.TagValue);
  } catch (error) {
    if (error instanceof NotFoundException || isSomebodyElses(error)) return false;
    throw error;
  }
}

/**
 * Refused by the policy of the key itself, which says so; ours leave everything to IAM. IAM may also
 * refuse what it has not heard of yet (IAM User Guide, "Access denied error messages").
 */
function isSomebodyElses(error: unknown): boolean {
  return isAccessDenied(error) && error.message.includes('resource-based policy');
}
