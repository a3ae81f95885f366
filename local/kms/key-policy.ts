import { PolicyError } from '../iam/policy-error.ts';
import { callerOf, covers } from '../iam/principals.ts';
import { parseDocument, selectsAction } from '../iam/statements.ts';
import { AwsError, type Principal } from '../types.ts';
import type { NewKey } from './keys.ts';

const LOCKOUT = 'The new key policy will not allow you to update the key policy in the future.';

/**
 * Reads the policy of a key that is being made. Throws MalformedPolicyDocumentException, also for one
 * that its maker could not change afterwards (KMS Developer Guide, "key policy lockout safety check").
 */
export function readKeyPolicy(
  text: string | undefined,
  { maker, mayLockOut }: { readonly maker: Principal; readonly mayLockOut: boolean },
): NewKey['policy'] {
  if (text === undefined) return undefined;
  const policy = parseJsonObject(text);
  const statements = parse(policy);
  const caller = callerOf(maker);
  const isManageable = statements.some(
    ({ effect, actions, principal }) =>
      effect === 'Allow' &&
      principal !== undefined &&
      covers(principal, caller) !== undefined &&
      selectsAction(actions, 'kms:PutKeyPolicy'),
  );
  if (!isManageable && !mayLockOut) throw malformed(LOCKOUT);
  return policy;
}

function parse(policy: NonNullable<NewKey['policy']>) {
  try {
    return parseDocument(policy, 'resource', (index) => `KeyPolicy#${index}`);
  } catch (error) {
    if (error instanceof PolicyError) throw malformed(error.message);
    throw error;
  }
}

function parseJsonObject(text: string): NonNullable<NewKey['policy']> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed('Policy is not a JSON object');
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message);
}
