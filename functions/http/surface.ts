import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { HttpError, InvariantError, isCellAway } from '../core/errors.ts';
import type { CountedEvent } from '../environment.ts';
import { hasPassedEdge } from './edge.ts';
import { renderOAuthError, renderProblem } from './error-responses.ts';
import type { ForeignRequest, Forward, HomingEndpoint } from './forwarding.ts';
import { noteSubject, subjectOf } from './log-subject.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { createRequestLog } from './observability.ts';
import { type BodyType, type HttpEvent, parseHead, parseRequest } from './request.ts';

export interface Route {
  readonly endpoint: HomingEndpoint;
  /** How failures look: RFC 6749 §5.2 JSON, RFC 9457 JSON, or a page. */
  readonly errors: 'oauth' | 'problem' | 'page';
  /** Of the body; a form unless said otherwise. */
  readonly body?: BodyType;
}

type RenderError = (error: unknown, request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

interface SurfaceOptions {
  /** Name in logs and metrics: `token`, `interaction`… */
  readonly surface: string;
  /** By the HTTP API's route key: `POST /oauth2/token`. */
  readonly routes: Readonly<Record<string, Route>>;
  /** Renders failures of `page` routes; without it they are problem details. */
  readonly renderError?: RenderError;
  /** What CloudFront, or another front, proves itself with; undefined where none does. */
  readonly edgeSecret?: string | undefined;
  /**
   * Of surfaces whose endpoints leave requests to the cell that is their home, and take those that
   * other cells leave to this one. All others refuse what was handed on: it proves nothing to them.
   */
  readonly forward?: Forward;
}

type Event = HttpEvent;
type Result = APIGatewayProxyStructuredResultV2;
type SurfaceHandler = (event: Event, context: Context) => Promise<Result>;

/** On every answer; pages add their own. HSTS is ignored by browsers over plain http. */
const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const CELL_CALL_FAILED: CountedEvent = 'CellCallFailed';

/** The Lambda handler of a surface: one log line, routing by route key, errors as the route says. */
export function createSurface(options: SurfaceOptions): SurfaceHandler {
  const parsed = new WeakMap<Event, HttpRequest>();
  const answered = new WeakMap<Event, HttpResponse>();

  async function handle(event: Event): Promise<Result> {
    if (event.forwardedBy !== undefined && options.forward === undefined) {
      throw new HttpError(403, 'nothing is handed on to these endpoints');
    }
    if (!hasPassedEdge(event, options.edgeSecret)) {
      throw new HttpError(403, 'requests come through the front alone');
    }
    const route = options.routes[event.routeKey];
    if (route === undefined) throw new HttpError(404, 'there is nothing here');
    const request = parseRequest(event, options.edgeSecret, route.body);
    parsed.set(event, request);
    const response = await route.endpoint(request);
    if ('home' in response) return handOn(request, event, response);
    answered.set(event, response);
    return toResult(response);
  }

  async function handOn(
    request: HttpRequest,
    event: Event,
    { home }: ForeignRequest,
  ): Promise<Result> {
    if (options.forward === undefined || request.forwardedBy !== undefined) {
      throw new InvariantError('a request that cannot be handed on');
    }
    noteSubject(request, { forwardedTo: home });
    const result = await options.forward(home, event);
    answered.set(event, { status: result.statusCode ?? 500 });
    return result;
  }

  const handler = middy<Event, Result>()
    .use(recordRequests(options.surface, { parsed, answered }))
    .use(renderErrors(options, answered))
    .handler(handle);
  return (event, context) => handler(event, context);
}

/** What became of each event so far. */
interface Exchanges {
  readonly parsed: WeakMap<Event, HttpRequest>;
  readonly answered: WeakMap<Event, HttpResponse>;
}

/** Outermost: sees the final answer of every request. */
function recordRequests(
  surface: string,
  { parsed, answered }: Exchanges,
): MiddlewareObj<Event, Result> {
  const record = createRequestLog(surface);
  const startedAt = new WeakMap<Event, number>();

  function finish(event: Event, error?: unknown): void {
    const response = answered.get(event);
    const subject = subjectOf(parsed.get(event));
    const isUnanswered = isCellAway(error) || subject.untold !== undefined;
    record({
      route: event.routeKey,
      requestId: event.requestContext.requestId,
      status: response?.status ?? 500,
      durationMs: Math.round(performance.now() - (startedAt.get(event) ?? 0)),
      counts: [...(response?.counts ?? []), ...(isUnanswered ? [CELL_CALL_FAILED] : [])],
      ...subject,
      ...(event.forwardedBy !== undefined && { forwardedBy: event.forwardedBy }),
      ...(error === undefined ? {} : { error }),
    });
  }

  return {
    before: (request) => {
      startedAt.set(request.event, performance.now());
    },
    after: (request) => finish(request.event),
    onError: (request) => finish(request.event, request.error),
  };
}

function renderErrors(
  options: SurfaceOptions,
  answered: WeakMap<Event, HttpResponse>,
): MiddlewareObj<Event, Result> {
  return {
    onError: async (request) => {
      const response = await renderFailure(options, request.event, request.error);
      answered.set(request.event, response);
      request.response = toResult(response);
    },
  };
}

async function renderFailure(
  options: SurfaceOptions,
  event: Event,
  error: unknown,
): Promise<HttpResponse> {
  const errors = options.routes[event.routeKey]?.errors ?? 'problem';
  if (!hasPassedEdge(event, options.edgeSecret)) return renderProblem(error);
  if (errors === 'oauth') return renderOAuthError(error);
  if (errors === 'problem' || options.renderError === undefined) return renderProblem(error);
  try {
    return await options.renderError(error, requestOf(event, options.edgeSecret));
  } catch {
    // The first failure is the one that is logged; the reader still gets an answer.
    return renderProblem(error);
  }
}

/** The whole request if it can be read, else its head: the error page needs cookies and language. */
function requestOf(event: Event, edgeSecret: string | undefined): HttpRequest {
  try {
    return parseRequest(event, edgeSecret);
  } catch {
    return parseHead(event, edgeSecret);
  }
}

function toResult(response: HttpResponse): Result {
  return {
    statusCode: response.status,
    headers: { ...SECURITY_HEADERS, ...response.headers },
    ...(response.cookies === undefined ? {} : { cookies: [...response.cookies] }),
    body: response.body ?? '',
  };
}
