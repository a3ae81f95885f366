import { type Duration, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PrivacyPolicy } from '../../functions/core/privacy-policy.ts';
import { ENVIRONMENT } from '../../functions/environment.ts';
import type { Cell, Topology } from '../config.ts';
import { DIRECTORY_TABLE, dataTableName, keyTableName } from '../names.ts';
import { type IdentityParameters, logRetention, tunableEnvironment } from '../parameters.ts';
import type { HttpSurface } from '../surfaces.ts';
import { type Addresses, topologyEnvironment } from '../topology-environment.ts';
import { privacyEnvironment } from './privacy-environment.ts';
import type { Abroad } from './residency-guard.ts';
import { SurfaceFunction } from './surface-function.ts';
import { SurfaceIntegration } from './surface-integration.ts';

/** As the HTTP API spells it, and as `createSurface` is given it in `functions/<surface>/`. */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** What every surface of a cell is built from. */
export interface CellContext {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly addresses: Addresses;
  readonly api: HttpApi;
  readonly parameters: IdentityParameters;
  /** Wraps the cell's own keyring. */
  readonly cellKeyArn: string;
  /** What personal data is processed for. */
  readonly privacyPolicy: PrivacyPolicy;
}

interface HttpSurfaceProps {
  readonly surface: HttpSurface;
  readonly routes: ReadonlyArray<RouteKey>;
  readonly statements: ReadonlyArray<PolicyStatement>;
  readonly environment: Readonly<Record<string, string>>;
  readonly abroad?: Abroad;
  readonly memoryMiB: number;
  /** AWS_CLIENT_SETTINGS: one call with its retries < timeout < 30 s, which the HTTP API waits. */
  readonly timeout: Duration;
  readonly needsCommonPasswords?: boolean;
  /** Whether it knows the purposes: the bundle then has the privacy policy beside it. */
  readonly needsPrivacyPolicy?: boolean;
}

/** Surfaces that begin and show exports and erasures. */
const ASKS_FOR_RIGHTS: ReadonlyArray<HttpSurface> = ['privacy', 'privacy-admin'];

/** A surface behind the HTTP API: its function, and one route and one invoke permission each. */
export function createHttpSurface(
  scope: Construct,
  context: CellContext,
  props: HttpSurfaceProps,
): SurfaceFunction {
  const created = new SurfaceFunction(scope, 'Surface', {
    ...props,
    ...(props.needsPrivacyPolicy === true && { privacyPolicy: context.privacyPolicy }),
    topology: context.topology,
    logRetention: logRetention(context.parameters),
    environment: {
      ...topologyEnvironment(context.cell, context.topology, context.addresses),
      [ENVIRONMENT.directoryTable]: DIRECTORY_TABLE,
      [ENVIRONMENT.dataTable]: dataTableName(context.cell),
      [ENVIRONMENT.keyTable]: keyTableName(context.cell),
      ...(ASKS_FOR_RIGHTS.includes(props.surface) && privacyEnvironment(scope, context.cell)),
      ...props.environment,
      ...tunableEnvironment(context.parameters, props.surface),
    },
  });
  const integration = new SurfaceIntegration(created.function);
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions::AwsSolutions-APIG4',
    reason: 'An authorization server cannot ask for tokens: each endpoint authenticates by its RFC',
  });
  for (const key of props.routes) {
    const [method, path] = splitRouteKey(key);
    const route = new HttpRoute(scope, key, {
      httpApi: context.api,
      routeKey: HttpRouteKey.with(path, method),
      integration,
    });
    integration.permit(route, method);
  }
  return created;
}

function splitRouteKey(route: RouteKey): [HttpMethod, string] {
  const space = route.indexOf(' ');
  const method = Object.values(HttpMethod).find((one) => one === route.slice(0, space));
  if (method === undefined) throw new Error(`no HTTP method in ${route}`);
  return [method, route.slice(space + 1)];
}
