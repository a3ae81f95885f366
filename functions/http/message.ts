import type { CellName } from '../core/cells.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { CountedEvent } from '../environment.ts';
import type { Parameters } from './parameters.ts';

/** An API Gateway HTTP API event (payload format 2.0), parsed once at the border. */
export interface HttpRequest {
  /** `host[:port]`, lower-case: the issuer's, or a cell's own. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: Parameters;
  /** Of the route's `{names}`, decoded; absent where it has none. */
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  /** As it came, still encoded and without the `?`. */
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: ReadonlyMap<string, string>;
  /** Present on POST: `application/x-www-form-urlencoded` only, 64 kB at most. */
  readonly form: Parameters;
  /** Of `json` routes: what the body says, unchecked; undefined without a body. */
  readonly json?: unknown;
  /** The caller's network address: from the request context, or from an edge that proved itself. */
  readonly sourceAddress: string;
  readonly requestId: string;
  readonly now: EpochSeconds;
  /** The cell that handed it on. IAM alone lets anybody say so: it is no part of what the API sends. */
  readonly forwardedBy?: CellName;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Complete `Set-Cookie` values. */
  readonly cookies?: ReadonlyArray<string>;
  readonly body?: string;
  /** Business events to count as CloudWatch metrics. Names only, no values. */
  readonly counts?: ReadonlyArray<CountedEvent>;
}

/** One route: reads a request, answers it, throws OAuthError, HttpError or UnavailableError. */
export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;
