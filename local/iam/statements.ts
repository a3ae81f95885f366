import { isObject, type JsonObject } from '../template/json.ts';
import { type Condition, type Context, hold, parseConditions } from './conditions.ts';
import { matches, matchesArn, parsePattern, type Variables } from './pattern.ts';
import { PolicyError } from './policy-error.ts';
import { type PrincipalElement, parsePrincipal } from './principals.ts';
import { remembered } from './remembered.ts';

/** One statement of a policy, its intrinsics resolved. */
export interface Statement {
  /** `Stack/Role/Policy#index`; the same on every synthesis of the same template. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  /** Absent in a trust policy: the resource is the role itself. */
  readonly resources: Selection;
  /** Only in policies of resources. */
  readonly principal: PrincipalElement | undefined;
  readonly conditions: ReadonlyArray<Condition>;
  readonly json: JsonObject;
}

/** `Action` or, negated, `NotAction`; likewise for resources. */
export interface Selection {
  readonly patterns: ReadonlyArray<string>;
  readonly isNegated: boolean;
  /** Those of the patterns that a value matches. */
  readonly fitting: (value: string, variables: Variables) => ReadonlyArray<string>;
}

export type PolicyKind = 'identity' | 'resource' | 'trust';

/** What is asked of a statement. */
export interface StatementRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

const ELEMENTS = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition'],
]);

/** Reads a policy document; `idOf` names its statements. Throws PolicyError as IAM would refuse it. */
export function parseDocument(
  document: unknown,
  kind: PolicyKind,
  idOf: (index: number) => string,
): ReadonlyArray<Statement> {
  const statements = isObject(document) ? document['Statement'] : undefined;
  if (!isObject(document) || statements === undefined) {
    throw new PolicyError(idOf(0), 'a policy document must hold a Statement');
  }
  if (document['Version'] !== '2012-10-17' && JSON.stringify(statements).includes('${')) {
    throw new PolicyError(idOf(0), 'policy variables need Version 2012-10-17');
  }
  return (Array.isArray(statements) ? statements : [statements]).map((statement, index) =>
    parseStatement(statement, kind, idOf(index)),
  );
}

/** Throws PolicyError. */
export function parseStatement(json: unknown, kind: PolicyKind, id: string): Statement {
  if (!isObject(json)) throw new PolicyError(id, 'a statement must be an object');
  const unknown = Object.keys(json).find((element) => !ELEMENTS.has(element));
  if (unknown !== undefined)
    throw new PolicyError(id, `the local cloud knows no element ${unknown}`);
  const effect = json['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError(id, 'Effect must be Allow or Deny');
  }
  if ((kind === 'identity') === (json['Principal'] !== undefined)) {
    const rule = kind === 'identity' ? 'has no Principal' : 'needs a Principal';
    throw new PolicyError(id, `this kind of policy ${rule}`);
  }
  const resources =
    kind === 'trust'
      ? { patterns: ['*'], isNegated: false, fitting: fittingOf(['*'], matchesResource) }
      : parseSelection(json, ['Resource', 'NotResource'], matchesResource, id);
  for (const pattern of resources.patterns) requireResourcePattern(pattern, id);
  return {
    id,
    effect,
    actions: parseSelection(json, ['Action', 'NotAction'], matchesAction, id),
    resources,
    principal: kind === 'identity' ? undefined : parsePrincipal(json['Principal'], id),
    conditions: parseConditions(json['Condition'], id),
    json,
  };
}

/** Whether action, resource and conditions of the statement fit; its effect and principal are for the caller. */
export function applies(
  statement: Statement,
  { action, resource, context }: StatementRequest,
): boolean {
  const variables = variablesOf(context);
  return (
    selects(statement.actions, action, variables) &&
    selects(statement.resources, resource, variables) &&
    hold(statement.conditions, context, variables)
  );
}

const APPLYING = new WeakMap<
  ReadonlyArray<Statement>,
  (request: StatementRequest) => ReadonlyArray<Statement>
>();

/** Those of a policy's statements that apply. */
export function applyingOf(
  statements: ReadonlyArray<Statement>,
  request: StatementRequest,
): ReadonlyArray<Statement> {
  if (statements.length === 0) return statements;
  const applying = APPLYING.get(statements) ?? createApplying(statements);
  APPLYING.set(statements, applying);
  return applying(request);
}

/** Most of them are for another action or resource, at this call and whenever it comes again. */
function createApplying(statements: ReadonlyArray<Statement>) {
  const selecting = remembered((action) => {
    const own = statements.filter(({ actions }) => selectsAction(actions, action));
    return remembered((resource) =>
      own.filter(
        ({ resources }) => hasVariables(resources) || selects(resources, resource, () => undefined),
      ),
    );
  });
  return (request: StatementRequest) =>
    selecting(request.action)(request.resource).filter((one) => applies(one, request));
}

/** Actions are compared without regard to case, and have no variables. */
function matchesAction(pattern: string, action: string): boolean {
  const parsed = parsePattern(pattern.toLowerCase(), () => undefined);
  return parsed !== undefined && matches(parsed, action.toLowerCase());
}

function matchesResource(pattern: string, resource: string, variables: Variables): boolean {
  const parsed = parsePattern(pattern, variables);
  return parsed !== undefined && matchesArn(parsed, resource);
}

export function selectsAction(actions: Selection, action: string): boolean {
  return selects(actions, action, () => undefined);
}

/** A policy variable is a condition key that has one value. */
export function variablesOf(context: Context): Variables {
  return (name) => {
    const [value, ...others] = context(name);
    return others.length === 0 ? value : undefined;
  };
}

function selects(selection: Selection, value: string, variables: Variables): boolean {
  return selection.fitting(value, variables).length > 0 !== selection.isNegated;
}

type Match = (pattern: string, value: string, variables: Variables) => boolean;

/** What they stand for is said by each call anew. */
export function hasVariables({ patterns }: Pick<Selection, 'patterns'>): boolean {
  return patterns.some((pattern) => pattern.includes('${'));
}

/** A pattern without variables fits a value always or never. */
function fittingOf(patterns: ReadonlyArray<string>, match: Match): Selection['fitting'] {
  const fitting = (value: string, variables: Variables) =>
    patterns.filter((pattern) => match(pattern, value, variables));
  if (hasVariables({ patterns })) return fitting;
  return remembered((value) => fitting(value, () => undefined));
}

function parseSelection(
  json: JsonObject,
  [name, negation]: readonly [string, string],
  match: Match,
  id: string,
): Selection {
  const [plain, negated] = [json[name], json[negation]];
  if ((plain === undefined) === (negated === undefined)) {
    throw new PolicyError(id, `a statement has either ${name} or ${negation}`);
  }
  const value = plain ?? negated;
  const values: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value];
  const patterns = values.map((pattern) => {
    if (typeof pattern === 'string') return pattern;
    throw new PolicyError(id, `${name} holds ${JSON.stringify(pattern)}, which is no text`);
  });
  return { patterns, isNegated: plain === undefined, fitting: fittingOf(patterns, match) };
}

function requireResourcePattern(pattern: string, id: string): void {
  const colons = pattern.replace(/\$\{[^}]*\}/g, '').split(':').length - 1;
  if (pattern === '*' || (pattern.startsWith('arn:') && colons >= 5)) return;
  throw new PolicyError(id, `Resource ${pattern} must be in ARN format or "*".`);
}
