import { KMSClient } from '@aws-sdk/client-kms';
import { AWS_CLIENT_SETTINGS } from '../aws-errors.ts';

/** One client per container. */
export function createKms(): KMSClient {
  return new KMSClient(AWS_CLIENT_SETTINGS);
}
