import { AwsError, type AwsRequest } from '../types.ts';

/** What a function of one region may reach in another, whatever IAM says. */
export interface ResidencyRules {
  /** Where identifiers are claimed. */
  readonly primaryRegion: string;
}

const DIRECTORY_TABLE = 'table/domicile-directory';
/** Restored beside it: a replay goes through one of them. */
const DIRECTORY_COPY = /:table\/domicile-directory-restored[\w.-]*$/;
const REPLAYING = 'domicile-erasure';
/** The functions that cells call of each other. */
const CALLED_FUNCTIONS = [
  'function:domicile-token',
  'function:domicile-interaction',
  'function:domicile-privacy',
  'function:domicile-privacy-admin',
];
/**
 * How keys end in every region that has them: nothing that uses or opens one. Replicas begin in the
 * primary region (`ReplicateKey`), so that making them crosses nothing.
 */
const ROTATION = 'domicile-rotation';
const KEY_LIFE = ['DescribeKey', 'DisableKey', 'ScheduleKeyDeletion'];

/**
 * The local cloud's own border, which stands even where a policy would let a call through. Throws
 * AwsError `ResidencyRefused`. Callers outside all regions, such as the operator, pass.
 */
export function requireResidency(
  { principal, region, service, operation }: AwsRequest,
  resources: ReadonlyArray<string>,
  { primaryRegion }: ResidencyRules,
): void {
  if (principal.region === undefined || principal.region === region) return;
  const own = resources.filter((arn) => arn.startsWith(`arn:aws:${service}:`));
  const areAll = (names: ReadonlyArray<string>) =>
    own.length > 0 && own.every((arn) => names.some((name) => arn.endsWith(`:${name}`)));
  const mayPass =
    (service === 'dynamodb' && region === primaryRegion && areAll([DIRECTORY_TABLE])) ||
    (service === 'dynamodb' &&
      region === primaryRegion &&
      principal.name === REPLAYING &&
      own.length > 0 &&
      own.every((arn) => DIRECTORY_COPY.test(arn))) ||
    (service === 'lambda' && areAll(CALLED_FUNCTIONS)) ||
    (service === 'kms' && principal.name === ROTATION && KEY_LIFE.includes(operation));
  if (mayPass) return;
  const message = `${principal.name} in ${principal.region} may not call ${service} in ${region}`;
  throw new AwsError('ResidencyRefused', message, 403);
}
