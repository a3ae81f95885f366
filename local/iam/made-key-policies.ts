import type { JsonObject } from '../template/json.ts';
import { AWS_OWNED, defaultKeyPolicy } from './policies.ts';
import { parseDocument, type Statement } from './statements.ts';

/** Finds a KMS key that no template declares: its policy, unless it was made without one. */
export type FindMadeKey = (
  keyArn: string,
) => { readonly policy: JsonObject | undefined } | undefined;

/** Key ARN → statements of its policy; none for what is no such key. They are read once. */
export function createMadeKeyPolicies(
  find: FindMadeKey,
): (keyArn: string) => ReadonlyArray<Statement> {
  const read = new WeakMap<object, ReadonlyArray<Statement>>();
  return (keyArn) => {
    const key = find(keyArn);
    if (key === undefined) return [];
    const statements = read.get(key) ?? statementsOf(keyArn, key.policy);
    read.set(key, statements);
    return statements;
  };
}

/** No template holds them, so that nobody can leave one of them out. */
function statementsOf(keyArn: string, policy: JsonObject | undefined): ReadonlyArray<Statement> {
  const where = `made/${keyArn.slice(keyArn.lastIndexOf('/') + 1)}/KeyPolicy`;
  if (policy === undefined) return [defaultKeyPolicy(`${where}#0`)];
  return parseDocument(policy, 'resource', (index) => `${AWS_OWNED}${where}#${index}`);
}
