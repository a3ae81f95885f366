import { createHash } from 'node:crypto';

/** The one account of the local cloud. */
export const ACCOUNT_ID = '111122223333';
export const PARTITION = 'aws';
export const URL_SUFFIX = 'amazonaws.com';

/** What names a resource within the account: enough to derive every identifier it is given. */
export interface ResourcePlace {
  readonly stack: string;
  readonly region: string;
  readonly logicalId: string;
}

export function arn(service: string, region: string, resource: string): string {
  return `arn:${PARTITION}:${service}:${region}:${ACCOUNT_ID}:${resource}`;
}

export function stackArn(stack: string, region: string): string {
  return arn('cloudformation', region, `stack/${stack}/${uuid({ stack, region, logicalId: '' })}`);
}

/** `Stack-LogicalId-1A2B3C4D5E6F`, as CloudFormation names what the template leaves unnamed. */
export function generatedName(place: ResourcePlace, maxLength: number): string {
  const suffix = hex(place, 12).toUpperCase();
  const room = maxLength - suffix.length - 1;
  const prefix = `${place.stack}-${place.logicalId}`;
  const shortened =
    prefix.length <= room ? prefix : `${place.stack.slice(0, room / 3)}-${place.logicalId}`;
  return `${shortened.slice(0, room)}-${suffix}`;
}

/** The same on every start, so that data kept in a directory finds its key again. */
export function uuid(place: ResourcePlace): string {
  const digits = hex(place, 32);
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

export function hex(place: ResourcePlace, length: number): string {
  return createHash('sha256')
    .update(`${place.region}/${place.stack}/${place.logicalId}`)
    .digest('hex')
    .slice(0, length);
}
