/** `CorsConfiguration` of an AWS::ApiGatewayV2::Api. */
export interface CorsConfiguration {
  readonly allowOrigins: ReadonlyArray<string>;
  readonly allowMethods: ReadonlyArray<string>;
  readonly allowHeaders: ReadonlyArray<string>;
  readonly exposeHeaders: ReadonlyArray<string>;
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** A preflight is answered by the API itself, even where no OPTIONS route exists. */
export function isPreflight(method: string, headers: Headers): boolean {
  return (
    method === 'OPTIONS' &&
    headers['origin'] !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Empty when the origin, or the method a preflight asks for, is not allowed. */
export function describePreflight(cors: CorsConfiguration, headers: Headers): Headers {
  const origin = describeOrigin(cors, headers);
  const method = headers['access-control-request-method'] ?? '';
  const isAllowed = cors.allowMethods.some((allowed) => allowed === '*' || allowed === method);
  if (Object.keys(origin).length === 0 || !isAllowed) return {};
  return {
    ...origin,
    'access-control-allow-methods': cors.allowMethods.join(','),
    ...(cors.allowHeaders.length > 0 && {
      'access-control-allow-headers': cors.allowHeaders.join(','),
    }),
    ...(cors.maxAgeSeconds !== undefined && {
      'access-control-max-age': String(cors.maxAgeSeconds),
    }),
  };
}

/** What an answer to an actual request carries. */
export function describeActual(cors: CorsConfiguration, headers: Headers): Headers {
  const origin = describeOrigin(cors, headers);
  if (Object.keys(origin).length === 0 || cors.exposeHeaders.length === 0) return origin;
  return { ...origin, 'access-control-expose-headers': cors.exposeHeaders.join(',') };
}

function describeOrigin(cors: CorsConfiguration, headers: Headers): Headers {
  const origin = headers['origin'];
  if (origin === undefined) return {};
  const isAny = cors.allowOrigins.includes('*');
  if (!isAny && !cors.allowOrigins.some((pattern) => matchesOrigin(pattern, origin))) return {};
  return {
    'access-control-allow-origin': isAny ? '*' : origin,
    ...(!isAny && { vary: 'Origin' }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** `https://*` and `http://*` stand for any origin of that scheme. */
function matchesOrigin(pattern: string, origin: string): boolean {
  if (pattern.endsWith('://*')) return origin.startsWith(pattern.slice(0, -1));
  return pattern.toLowerCase() === origin.toLowerCase();
}
