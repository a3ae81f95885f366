import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT_SETTINGS } from '../aws-errors.ts';
import { renewIdleConnections } from '../idle-connections.ts';
import type { PrimaryDirectory } from './directory.ts';

/**
 * The directory's primary region, seen from another one. A look-up has the replica's answer at
 * hand and waits 800 ms for a newer one, once. A claim is nothing that can be done without; each
 * of its two attempts takes 2 s at most, which with an account's creation fits the function's 15 s.
 */
export function createPrimaryDirectory(region: string): PrimaryDirectory {
  const connect = (maxAttempts: number, timeoutMs: number) =>
    new DynamoDBClient({
      ...AWS_CLIENT_SETTINGS,
      region,
      maxAttempts,
      requestHandler: {
        ...AWS_CLIENT_SETTINGS.requestHandler,
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
      },
    });
  return { forLookups: renewIdleConnections(connect(1, 800)), forClaims: connect(2, 2000) };
}
