import {
  type KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  NotFoundException,
  type Tag,
} from '@aws-sdk/client-kms';
import { callAws } from '../aws-errors.ts';

const KEYS_PER_PAGE = 1000;

/**
 * The id of the key with this tag, in the client's region. One call per key of the account, one
 * after the other: for what is needed after a crash only.
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
      if (keyId !== undefined && (await hasTag(kms, keyId, wanted))) return keyId;
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
    // Another's key, whose policy does not let us look at it, or one that went meanwhile.
    if (error instanceof NotFoundException) return false;
    if (error instanceof Error && error.name === 'AccessDeniedException') return false;
    throw error;
  }
}
