import type { ListedStatement } from '../../local/iam/authorizer.ts';

/** What a statement is for, and so what its absence brings about. */
export type Kind = 'rule' | 'call' | 'log' | 'key administration' | 'route' | 'after a crash';

export function kindOf({ id, json }: ListedStatement): Kind {
  // A function's log stream is no call of its own: Lambda writes it with the function's role.
  if (json['Sid'] === 'WriteLog') return 'log';
  // These are shown to be needed where somebody is cut off, or the policy is another one.
  if (json['Sid'] === 'ListKeys' || json['Sid'] === 'ReadTags') return 'after a crash';
  if (/(Erasure|Export)SurfaceRole/.test(id) && json['Sid'] === 'AnswerWaitingTasks') {
    return 'after a crash';
  }
  if (json['Sid'] === 'KeepWithoutThePerson') return 'after a crash';
  // Off here; the rotation's rule is on, and a journey waits for it.
  if (/AuditWorkflow\w*EventsRole/.test(id)) return 'rule';
  if (id.endsWith('/Permission#0')) return 'route';
  return json['Action'] === 'kms:*' ? 'key administration' : 'call';
}

/** `Token SignRs256`, `DataKey UseThroughDynamoDb`, `POST /sign-in`. */
export function titleOf(statement: ListedStatement): string {
  const { id, json } = statement;
  if (kindOf(statement) === 'route') {
    const { method, path } = routeOf(statement);
    return `permission for ${method} ${path}`;
  }
  const [, holder = id] = /\/([A-Za-z0-9]+?)(?:Role)?[0-9A-F]{8}\//.exec(id) ?? [];
  return `${holder} ${String(json['Sid'] ?? json['Action'])}`;
}

export function routeOf({ id, json }: ListedStatement): { method: string; path: string } {
  const [, method, path] = /\/\*\/(GET|POST|PUT|DELETE)(\/[^"]*)"/.exec(JSON.stringify(json)) ?? [];
  if (method === undefined || path === undefined) throw new Error(`${id} is for no route`);
  return { method, path };
}
