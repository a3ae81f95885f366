import type { FunctionPool } from '../lambda/function-pool.ts';
import type { CorsConfiguration } from './cors.ts';
import type { Route } from './routes.ts';
import type { ThrottleSettings } from './throttle.ts';

/** Where a route leads: a Lambda proxy integration with payload format 2.0. */
export interface Integration {
  readonly pool: FunctionPool;
  /** 30 seconds at most. */
  readonly timeoutMs: number;
  /** Whether a Lambda permission lets this API call the function for this route; asked each time. */
  isPermitted(): boolean;
}

/** A deployed HTTP API: what the template says of it, intrinsics resolved. */
export interface HttpApi {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  readonly routes: ReadonlyArray<Route<Integration>>;
  readonly cors: CorsConfiguration | undefined;
  /** Applies to each route on its own, unless the route has settings of its own. */
  readonly defaultThrottle: ThrottleSettings | undefined;
  readonly routeThrottles: ReadonlyMap<string, ThrottleSettings>;
}
