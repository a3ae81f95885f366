/** What a call asks of policies: the action, the resource and the values of condition keys. */
import { ACCOUNT_ID } from '../template/physical-ids.ts';
import type { AuthorizationQuery } from '../types.ts';
import type { Context } from './conditions.ts';
import type { Caller } from './principals.ts';
import type { StatementRequest } from './statements.ts';

const NONE: ReadonlyArray<never> = [];
const TRUE = ['true'];
const OF_ROLES = new Map([
  ['aws:principalaccount', [ACCOUNT_ID]],
  ['aws:principaltype', ['AssumedRole']],
  ['kms:calleraccount', [ACCOUNT_ID]],
]);
const OF_SERVICES = new Map([
  ['aws:principalisawsservice', TRUE],
  ['aws:sourceaccount', [ACCOUNT_ID]],
]);

/** The global condition keys that every request carries, under the service's own. */
export function requestOf(query: AuthorizationQuery, caller: Caller): StatementRequest {
  // Most calls meet no condition at all, or one about a single key.
  let own: ReadonlyMap<string, ReadonlyArray<string>> | undefined;
  const context: Context = (key) => {
    const name = key.toLowerCase();
    own ??= new Map(
      Object.entries(query.context).map(([known, values]) => [known.toLowerCase(), values]),
    );
    return own.get(name) ?? globalValues(name, query, caller);
  };
  return { action: query.action, resource: query.resource, context };
}

function globalValues(
  name: string,
  { region }: AuthorizationQuery,
  caller: Caller,
): ReadonlyArray<string> {
  if (name === 'aws:requestedregion') return [region];
  // Behind AWS's endpoints every SDK speaks TLS; the local ones stand in for those.
  if (name === 'aws:securetransport') return TRUE;
  if (caller.kind === 'role' && name === 'aws:principalarn') return [caller.roleArn];
  return (caller.kind === 'role' ? OF_ROLES : OF_SERVICES).get(name) ?? NONE;
}
