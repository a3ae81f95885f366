import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT_SETTINGS } from '../aws-errors.ts';
import { renewIdleConnections } from '../idle-connections.ts';
import { silent } from '../silent-clients.ts';
import type { PrimaryDirectory } from './directory.ts';

/**
 * The directory's primary region, seen from another one. A look-up has the replica's answer at
 * hand and waits 800 ms for a newer one, once. A claim is nothing that can be done without; each
 * of its two attempts takes 2 s at most, which with an account's creation fits the function's 15 s.
 */
export function createPrimaryDirectory(region: string): PrimaryDirectory {
  return {
    forLookups: renewIdleConnections(connect(region, 1, 800)),
    forClaims: connect(region, 2, 2000),
  };
}

/**
 * For an app's question whose home a person is in. One attempt of 2 s, since the app may ask again:
 * together with the own region's calls it stays below the timeout of every function.
 */
export function createPrimaryHomes(region: string): DynamoDBClient {
  return renewIdleConnections(connect(region, 1, 2000));
}

/** To connect takes a third of a second between the farthest regions, and is part of the time. */
const CONNECTION_TIMEOUT_MS = 1000;

function connect(region: string, maxAttempts: number, timeoutMs: number): DynamoDBClient {
  const client = new DynamoDBClient({
    ...AWS_CLIENT_SETTINGS,
    region,
    maxAttempts,
    requestHandler: {
      ...AWS_CLIENT_SETTINGS.requestHandler,
      connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs),
      requestTimeout: timeoutMs,
    },
  });
  return silent(client);
}
