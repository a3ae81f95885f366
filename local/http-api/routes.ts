/** One route of an HTTP API: `GET /account`, `ANY /files/{proxy+}` or `$default`. */
export interface Route<Target> {
  readonly routeKey: string;
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type RouteTable<Target> = (method: string, path: string) => RouteMatch<Target> | undefined;

const EXACT = 0;
const PARAMETER = 1;
const GREEDY = 2;
const DEFAULT = 3;

/**
 * Selects as API Gateway does: the most specific path first (exact, then parameters, fewer of them
 * before more, then `{proxy+}`, then `$default`), and a named method before `ANY`.
 */
export function createRouteTable<Target>(routes: ReadonlyArray<Route<Target>>): RouteTable<Target> {
  const candidates = routes
    .map(compileRoute)
    .sort((a, b) => a.rank - b.rank || a.parameters - b.parameters);
  return (method, path) => {
    for (const { route, method: wanted, pattern } of candidates) {
      if (wanted !== 'ANY' && wanted !== method) continue;
      const match = pattern.exec(path);
      if (match !== null) return { route, pathParameters: { ...match.groups } };
    }
    return undefined;
  };
}

function compileRoute<Target>(route: Route<Target>) {
  if (route.routeKey === '$default')
    return { route, method: 'ANY', pattern: /^/, rank: DEFAULT * 2, parameters: 0 };
  const [method = '', path = ''] = route.routeKey.split(' ');
  const kind = path.includes('+}') ? GREEDY : path.includes('{') ? PARAMETER : EXACT;
  const source = path
    .split('/')
    .map((segment) => compileSegment(segment))
    .join('/');
  return {
    route,
    method,
    pattern: new RegExp(`^${source}$`),
    rank: kind * 2 + (method === 'ANY' ? 1 : 0),
    parameters: path.split('{').length - 1,
  };
}

function compileSegment(segment: string): string {
  const [, name, plus] = /^\{(\w+)(\+?)\}$/.exec(segment) ?? [];
  if (name === undefined) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return plus === '+' ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
}
