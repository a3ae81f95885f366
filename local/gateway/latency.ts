import type { AwsRequest } from '../types.ts';
import { roundTripMs } from './region-distances.ts';

/** Adds the time that the real service would take, in milliseconds. */
export type LatencyProfile = (request: AwsRequest) => number;

/** Typical medians within one region, in milliseconds. They are round on purpose. */
const TYPICAL_MS: Readonly<Record<string, number>> = {
  'dynamodb:GetItem': 3,
  'dynamodb:BatchGetItem': 5,
  'dynamodb:Query': 4,
  'dynamodb:PutItem': 5,
  'dynamodb:UpdateItem': 5,
  'dynamodb:DeleteItem': 5,
  'dynamodb:TransactGetItems': 10,
  'dynamodb:TransactWriteItems': 12,
  'kms:Encrypt': 6,
  'kms:Decrypt': 6,
  'kms:GetPublicKey': 6,
  'ses:SendEmail': 60,
  'ses:SendRawEmail': 60,
};
const SIGN_RSA_MS = 12;
const SIGN_ECC_MS = 8;
const OTHER_MS = 5;

export const NO_LATENCY: LatencyProfile = () => 0;

/** The service's own time, and the way to its region when the caller runs in another one. */
export const AWS_LATENCY: LatencyProfile = (request) =>
  serviceMs(request) + roundTripMs(request.principal.region, request.region);

/** `near`: as if all regions were next to each other. */
export const LATENCIES = { none: NO_LATENCY, aws: AWS_LATENCY, near: serviceMs } as const;

function serviceMs(request: AwsRequest): number {
  if (request.service === 'kms' && request.operation === 'Sign') {
    const algorithm = String(request.input['SigningAlgorithm']);
    return algorithm.startsWith('ECDSA') ? SIGN_ECC_MS : SIGN_RSA_MS;
  }
  return TYPICAL_MS[`${request.service}:${request.operation}`] ?? OTHER_MS;
}
