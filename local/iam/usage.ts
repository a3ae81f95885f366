import { describeCondition, neededValues, offersChoice } from './conditions.ts';
import { type Statement, type StatementRequest, variablesOf } from './statements.ts';

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
  return {
    record: (statement, request) => {
      const counts = countsOf.get(statement) ?? new Map<string, number>();
      countsOf.set(statement, counts);
      for (const grant of neededGrants(statement, request)) {
        counts.set(keyOf(grant), (counts.get(keyOf(grant)) ?? 0) + 1);
      }
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

function neededGrants(statement: Statement, request: StatementRequest): ReadonlyArray<Grant> {
  const { id: statementId, actions, resources, conditions } = statement;
  const variables = variablesOf(request.context);
  return [
    ...product(
      statementId,
      actions.isNegated ? ['NotAction'] : actions.fitting(request.action, variables),
      resources.isNegated ? ['NotResource'] : resources.fitting(request.resource, variables),
    ),
    ...conditions
      .filter(offersChoice)
      .flatMap((condition) =>
        product(
          statementId,
          [describeCondition(condition)],
          neededValues(condition, request.context, variables),
        ),
      ),
  ];
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
