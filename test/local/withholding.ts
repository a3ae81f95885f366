import type { IamAuthorizer, ListedStatement } from '../../local/iam/authorizer.ts';
import type { AuthorizationDecision, AuthorizationQuery } from '../../local/types.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { type Before, failuresIn, type Shortfall, seeRefusals } from './shortfall.ts';

type Allowed = Extract<AuthorizationDecision, { readonly allowed: true }>;

/** Cells share the ids of statements. */
export function placeOf({ owner, id }: Pick<ListedStatement, 'owner' | 'id'>): string {
  return `${owner} ${id}`;
}

/** What is missing, and what the policies are without it. */
interface Away {
  readonly statement: ListedStatement;
  readonly policies: IamAuthorizer;
}

/**
 * Takes statements away from a running cloud, one at a time: each when something needs it for the
 * first time. Until then everything has been as it would be had the statement never been there, so
 * that no cloud has to be started, and no container, for the sake of its absence.
 */
export class Withholding {
  readonly #cloud: TestCloud;
  readonly #pending: Map<string, ListedStatement>;
  readonly #spared = new Map<string, ListedStatement>();
  readonly #fruitless = new Set<string>();
  readonly #shortfalls = new Map<string, Shortfall>();
  readonly #staleRoles = new Set<string>();
  #isOn = false;
  #away: Away | undefined;
  #before: Before = { request: undefined, failures: new Set() };

  constructor(cloud: TestCloud, statements: ReadonlyArray<ListedStatement>) {
    this.#cloud = cloud;
    this.#pending = new Map(statements.map((one) => [placeOf(one), one]));
    const { authorizer } = cloud.cloud.infrastructure;
    authorizer.interpose((query, allowed) => {
      if (!this.#isOn || !allowed.allowed) return allowed;
      if (this.#away !== undefined) return this.#decideWithout(this.#away, query, allowed);
      return this.#takeAway(query, allowed) ?? allowed;
    });
  }

  begin(): void {
    this.#isOn = true;
  }

  pause(): void {
    this.#isOn = false;
  }

  /** The statement that is missing now, if one is. */
  missing(): ListedStatement | undefined {
    return this.#away?.statement;
  }

  /** Runs that have failed since it is missing. */
  failures(): ReadonlyArray<{ readonly arn: string }> {
    return failuresIn(this.#cloud).filter(({ key }) => !this.#before.failures.has(key));
  }

  /** It has stopped something. What is to be seen of that is kept, and the statement given back. */
  async conclude(): Promise<void> {
    if (this.#away === undefined) return;
    const { statement } = this.#away;
    const place = placeOf(statement);
    this.#shortfalls.set(place, seeRefusals(this.#cloud, this.#before, statement));
    this.#pending.delete(place);
    this.#away = undefined;
    await this.#recycle();
  }

  /**
   * It has stopped nobody: it is given back. It may be that others have come before it who needed it
   * in a container that has read more since: it is tried once more with a fresh one. When that is in
   * vain, too, it is not taken away again until `renew`.
   */
  async spare(): Promise<void> {
    if (this.#away === undefined) return;
    const { statement } = this.#away;
    const place = placeOf(statement);
    if (this.#fruitless.has(place)) this.#spared.set(place, statement);
    this.#fruitless.add(place);
    this.#staleRoles.add(statement.owner);
    this.#away = undefined;
    await this.#recycle();
  }

  async renew(): Promise<void> {
    for (const { owner } of this.#spared.values()) this.#staleRoles.add(owner);
    this.#spared.clear();
    await this.#recycle();
  }

  shortfallOf(statement: ListedStatement): Shortfall | undefined {
    return this.#shortfalls.get(placeOf(statement));
  }

  #takeAway(query: AuthorizationQuery, { statementIds }: Allowed) {
    for (const id of statementIds) {
      const statement = this.#findPending(id, query);
      if (statement === undefined) continue;
      const { authorizer } = this.#cloud.cloud.infrastructure;
      const policies = authorizer.without(id, statement.owner);
      const decision = policies.authorize(query);
      // Another statement says so, too.
      if (decision.allowed) continue;
      this.#away = { statement, policies };
      const { logs, callLog } = this.#cloud.cloud.infrastructure;
      logs.clear();
      callLog.clear();
      const [request] = this.#cloud.cloud.requests();
      const failures = new Set(failuresIn(this.#cloud).map(({ key }) => key));
      this.#before = { request, failures };
      return decision;
    }
    return undefined;
  }

  #decideWithout({ statement, policies }: Away, query: AuthorizationQuery, allowed: Allowed) {
    const decision = policies.authorize(query);
    const needed = allowed.statementIds.map((id) => this.#findPending(id, query));
    // What it reads now it may have needed for the first time.
    const isFirst = needed.some((one) => one !== undefined && one !== statement);
    if (decision.allowed && isFirst) this.#staleRoles.add(query.principal.roleArn);
    return decision;
  }

  #findPending(id: string, query: AuthorizationQuery): ListedStatement | undefined {
    const owners = [query.principal.roleArn, query.resource];
    const place = owners
      .map((owner) => placeOf({ owner, id }))
      .find((one) => this.#pending.has(one));
    return place === undefined || this.#spared.has(place) ? undefined : this.#pending.get(place);
  }

  /** A container keeps what it has read; a fresh one reads it anew. */
  async #recycle(): Promise<void> {
    const pools = [...this.#cloud.cloud.infrastructure.functions.pools.values()];
    const stale = pools.filter(({ definition }) => this.#staleRoles.has(definition.roleArn));
    this.#staleRoles.clear();
    await Promise.all(stale.map((pool) => pool.recycle()));
  }
}
