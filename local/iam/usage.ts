import { describeCondition, neededValues, offersChoice } from './conditions.ts';
import type { Variables } from './pattern.ts';
import { remembered } from './remembered.ts';
import { hasVariables, type Statement, type StatementRequest, variablesOf } from './statements.ts';

/**
 * One thing that a statement grants, and how many calls needed it: an action on a resource, or one
 * of several values that a condition admits.
 */
export interface GrantUsage {
  readonly statementId: string;
  /** ARN of the role, key or function that the statement hangs on: cells share statement ids. */
  readonly owner: string;
  /** As the policy writes it, `NotAction` for the whole list; or operator and condition key. */
  readonly action: string;
  /** As the policy writes it, `NotResource` for the whole list; or the condition's value. */
  readonly resource: string;
  readonly calls: number;
}

export interface UsageCounter {
  record(statement: Statement, request: StatementRequest): void;
  /** Every grant of the statements given, used or not; denying statements grant nothing. */
  report(statements: ReadonlyArray<OwnedStatement>): ReadonlyArray<GrantUsage>;
}

interface OwnedStatement {
  readonly statement: Statement;
  readonly owner: string;
}

type Grant = Omit<GrantUsage, 'calls' | 'owner'>;

export function createUsageCounter(): UsageCounter {
  const countsOf = new Map<Statement, Map<string, number>>();
  const neededBy = new Map<Statement, (request: StatementRequest) => ReadonlyArray<string>>();
  return {
    record: (statement, request) => {
      const counts = countsOf.get(statement) ?? new Map<string, number>();
      countsOf.set(statement, counts);
      const needed = neededBy.get(statement) ?? neededGrants(statement);
      neededBy.set(statement, needed);
      for (const key of needed(request)) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    report: (statements) =>
      statements
        .filter(({ statement }) => statement.effect === 'Allow')
        .flatMap(({ statement, owner }) => {
          const counts = countsOf.get(statement);
          return grantsOf(statement).map((grant) => ({
            ...grant,
            owner,
            calls: counts?.get(keyOf(grant)) ?? 0,
          }));
        }),
  };
}

/** Adds up the reports of several runs of the same template. */
export function mergeUsage(
  reports: ReadonlyArray<ReadonlyArray<GrantUsage>>,
): ReadonlyArray<GrantUsage> {
  const merged = new Map<string, GrantUsage>();
  for (const usage of reports.flat()) {
    const key = `${usage.owner} ${keyOf(usage)}`;
    const calls = usage.calls + (merged.get(key)?.calls ?? 0);
    merged.set(key, { ...usage, calls });
  }
  return [...merged.values()];
}

function grantsOf(statement: Statement): ReadonlyArray<Grant> {
  const { id: statementId, actions, resources, conditions } = statement;
  return [
    ...product(
      statementId,
      actions.isNegated ? ['NotAction'] : actions.patterns,
      resources.isNegated ? ['NotResource'] : resources.patterns,
    ),
    ...conditions
      .filter(offersChoice)
      .flatMap((condition) =>
        product(statementId, [describeCondition(condition)], condition.wanted),
      ),
  ];
}

/** Keys of the grants that a request needs. */
function neededGrants(statement: Statement): (request: StatementRequest) => ReadonlyArray<string> {
  const choices = statement.conditions.filter(offersChoice);
  const named = hasVariables(statement.resources)
    ? (request: StatementRequest) => namedGrants(statement, request, variablesOf(request.context))
    : rememberedGrants(statement);
  if (choices.length === 0) return named;
  return (request) => {
    const variables = variablesOf(request.context);
    const chosen = choices.flatMap((condition) =>
      product(
        statement.id,
        [describeCondition(condition)],
        neededValues(condition, request.context, variables),
      ),
    );
    return [...named(request), ...chosen.map(keyOf)];
  };
}

/** Of a statement without variables: by action and resource alone. */
function rememberedGrants(statement: Statement) {
  const needed = remembered((action) =>
    remembered((resource) => namedGrants(statement, { action, resource }, () => undefined)),
  );
  return ({ action, resource }: StatementRequest) => needed(action)(resource);
}

function namedGrants(
  { id, actions, resources }: Statement,
  { action, resource }: Pick<StatementRequest, 'action' | 'resource'>,
  variables: Variables,
): ReadonlyArray<string> {
  return product(
    id,
    actions.isNegated ? ['NotAction'] : actions.fitting(action, variables),
    resources.isNegated ? ['NotResource'] : resources.fitting(resource, variables),
  ).map(keyOf);
}

function product(
  statementId: string,
  actions: ReadonlyArray<string>,
  resources: ReadonlyArray<string>,
): ReadonlyArray<Grant> {
  return actions.flatMap((action) =>
    resources.map((resource) => ({ statementId, action, resource })),
  );
}

function keyOf({ statementId, action, resource }: Grant): string {
  return `${statementId} ${action} ${resource}`;
}
