import { KMSClient } from '@aws-sdk/client-kms';
import { AWS_CLIENT_SETTINGS } from '../aws-errors.ts';
import { silent } from '../silent-clients.ts';

/** One client per container. */
export function createKms(): KMSClient {
  return silent(new KMSClient(AWS_CLIENT_SETTINGS));
}
