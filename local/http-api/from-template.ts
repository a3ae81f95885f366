import { z } from 'zod';
import type { FunctionPool } from '../lambda/function-pool.ts';
import type { Deployment } from '../template/deployment.ts';
import type { DeployedResource } from '../types.ts';
import type { HttpApi, Integration } from './api-definition.ts';
import type { CorsConfiguration } from './cors.ts';
import type { Route } from './routes.ts';
import type { ThrottleSettings } from './throttle.ts';

export interface ApiSurroundings {
  readonly deployment: Deployment;
  readonly accountId: string;
  /** By function ARN. Throws when there is none. */
  requirePool(arn: string): FunctionPool;
  /** Whether a Lambda permission lets this source call the function. */
  isPermitted(functionArn: string, sourceArn: string): boolean;
}

const MAX_TIMEOUT_MS = 30_000;

const RouteSchema = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.literal('NONE').optional(),
});

const IntegrationSchema = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.coerce.number().max(MAX_TIMEOUT_MS).default(MAX_TIMEOUT_MS),
});

const StringsSchema = z.array(z.string()).default([]);
const CorsSchema = z.object({
  AllowOrigins: StringsSchema,
  AllowMethods: StringsSchema,
  AllowHeaders: StringsSchema,
  ExposeHeaders: StringsSchema,
  AllowCredentials: z.stringbool().or(z.boolean()).default(false),
  MaxAge: z.coerce.number().optional(),
});

const ThrottleSchema = z.object({
  ThrottlingBurstLimit: z.coerce.number().optional(),
  ThrottlingRateLimit: z.coerce.number().optional(),
});

const StageSchema = z.object({
  ApiId: z.string(),
  DefaultRouteSettings: ThrottleSchema.optional(),
  RouteSettings: z.record(z.string(), ThrottleSchema).default({}),
});

/** Reads an AWS::ApiGatewayV2::Api with its routes, integrations and stage from the template. */
export function readHttpApi(api: DeployedResource, surroundings: ApiSurroundings): HttpApi {
  const { deployment, accountId } = surroundings;
  const apiId = api.physicalId;
  const stage = deployment
    .byType('AWS::ApiGatewayV2::Stage')
    .map(({ properties }) => StageSchema.parse(properties))
    .find((candidate) => candidate.ApiId === apiId);
  const throttles = Object.entries(stage?.RouteSettings ?? {}).flatMap(
    ([routeKey, settings]): Array<[string, ThrottleSettings]> => {
      const throttle = readThrottle(settings);
      return throttle === undefined ? [] : [[routeKey, throttle]];
    },
  );
  return {
    apiId,
    accountId,
    region: api.region,
    routes: readRoutes(api, surroundings),
    cors: readCors(api.properties['CorsConfiguration']),
    defaultThrottle: readThrottle(stage?.DefaultRouteSettings),
    routeThrottles: new Map(throttles),
  };
}

function readRoutes(
  api: DeployedResource,
  surroundings: ApiSurroundings,
): ReadonlyArray<Route<Integration>> {
  const { deployment } = surroundings;
  const integrations = new Map(
    deployment
      .byType('AWS::ApiGatewayV2::Integration')
      .map((integration) => [integration.physicalId, integration]),
  );
  return deployment.byType('AWS::ApiGatewayV2::Route').flatMap((resource) => {
    const route = RouteSchema.parse(resource.properties);
    if (route.ApiId !== api.physicalId) return [];
    const integration = integrations.get(route.Target.slice('integrations/'.length));
    if (integration === undefined) throw new Error(`${route.RouteKey} has no integration`);
    const target = readIntegration(api, route.RouteKey, integration, surroundings);
    return [{ routeKey: route.RouteKey, target }];
  });
}

function readIntegration(
  api: DeployedResource,
  routeKey: string,
  integration: DeployedResource,
  { accountId, requirePool, isPermitted }: ApiSurroundings,
): Integration {
  const { IntegrationUri, TimeoutInMillis } = IntegrationSchema.parse(integration.properties);
  const [method = '', path = ''] = routeKey.split(' ');
  const execution = `arn:aws:execute-api:${api.region}:${accountId}:${api.physicalId}`;
  const source = routeKey === '$default' ? '$default' : `${method}${path}`;
  return {
    pool: requirePool(IntegrationUri),
    timeoutMs: TimeoutInMillis,
    isPermitted: () => isPermitted(IntegrationUri, `${execution}/$default/${source}`),
  };
}

function readCors(value: unknown): CorsConfiguration | undefined {
  if (value === undefined) return undefined;
  const cors = CorsSchema.parse(value);
  return {
    allowOrigins: cors.AllowOrigins,
    allowMethods: cors.AllowMethods,
    allowHeaders: cors.AllowHeaders,
    exposeHeaders: cors.ExposeHeaders,
    allowCredentials: cors.AllowCredentials,
    maxAgeSeconds: cors.MaxAge,
  };
}

/** Undefined when the template leaves the throttle to the account's quota. */
function readThrottle(settings: z.infer<typeof ThrottleSchema> | undefined) {
  const burst = settings?.ThrottlingBurstLimit;
  const ratePerSecond = settings?.ThrottlingRateLimit;
  if (burst === undefined || ratePerSecond === undefined) return undefined;
  return { burst, ratePerSecond } satisfies ThrottleSettings;
}
