import { isObject } from '../template/json.ts';
import { ACCOUNT_ID, PARTITION } from '../template/physical-ids.ts';
import type { Principal } from '../types.ts';
import { PolicyError } from './policy-error.ts';

/** The account's administrator: the admin CLI with the operator's own credentials, and the console. */
export const OPERATOR_ROLE_ARN = `arn:${PARTITION}:iam::${ACCOUNT_ID}:role/operator`;

/** Who asks, in the terms in which policies name them. */
export type Caller =
  | { readonly kind: 'role'; readonly roleArn: string; readonly sessionArn: string }
  | { readonly kind: 'service'; readonly service: string };

/** How a `Principal` element covers a caller: by name, or by naming the account (which delegates to IAM). */
export type Coverage = 'direct' | 'delegated' | undefined;

export type PrincipalElement = '*' | Readonly<Record<string, ReadonlyArray<string>>>;

/** A principal whose `roleArn` is `apigateway.amazonaws.com` or the like is that AWS service. */
export function callerOf({ roleArn, name }: Principal): Caller {
  if (roleArn.endsWith('.amazonaws.com')) return { kind: 'service', service: roleArn };
  const roleName = roleArn.split('/').at(-1) ?? '';
  return {
    kind: 'role',
    roleArn,
    sessionArn: `arn:${PARTITION}:sts::${ACCOUNT_ID}:assumed-role/${roleName}/${name}`,
  };
}

/** Throws PolicyError for a form that IAM does not know. */
export function parsePrincipal(element: unknown, where: string): PrincipalElement {
  if (element === '*') return '*';
  if (!isObject(element)) throw new PolicyError(where, 'Principal must be "*" or an object');
  return Object.fromEntries(
    Object.entries(element).map(([kind, value]) => {
      if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(kind)) {
        throw new PolicyError(where, `Principal knows no ${kind}`);
      }
      const names: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value];
      return [kind, names.map(String)];
    }),
  );
}

export function covers(element: PrincipalElement, caller: Caller): Coverage {
  if (element === '*') return 'direct';
  if (caller.kind === 'service') {
    return element['Service']?.includes(caller.service) === true ? 'direct' : undefined;
  }
  const names = element['AWS'] ?? [];
  const own = ['*', caller.roleArn, caller.sessionArn];
  if (names.some((name) => own.includes(name))) return 'direct';
  const account = [ACCOUNT_ID, `arn:${PARTITION}:iam::${ACCOUNT_ID}:root`];
  return names.some((name) => account.includes(name)) ? 'delegated' : undefined;
}
