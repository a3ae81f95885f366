import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ROUTES } from '../../lib/constructs/account-surface.ts';
import { COSTLY_ROUTES, INTERACTION_ROUTES } from '../../lib/constructs/interaction-routes.ts';
import { PRIVACY_ADMIN_ROUTES } from '../../lib/constructs/privacy-admin-surface.ts';
import { PRIVACY_ROUTES } from '../../lib/constructs/privacy-surface.ts';
import { TOKEN_ROUTES } from '../../lib/constructs/token-surface.ts';
import { propertiesOf, resourcesOf, templateOf, threeCells } from './synthesized.ts';

const ROUTES = {
  token: TOKEN_ROUTES,
  interaction: INTERACTION_ROUTES,
  account: ACCOUNT_ROUTES,
  privacy: PRIVACY_ROUTES,
  'privacy-admin': PRIVACY_ADMIN_ROUTES,
};

/** Where homes are asked for and handed over to. */
const ONLY_OF_SEVERAL_CELLS = [
  'GET /hand-over',
  'GET /sign-up/region',
  'POST /sign-in/identifier',
  'POST /sign-up/region',
];
const isOfOneCell = (route: string) => !ONLY_OF_SEVERAL_CELLS.includes(route);

describe('the HTTP API', () => {
  it('has the routes of its surfaces; only a GET of anything else reaches a function', () => {
    const deployed = propertiesOf('Identity-eu', 'AWS::ApiGatewayV2::Route').map((route) =>
      String(route['RouteKey']),
    );
    expect(deployed.sort()).toEqual(Object.values(ROUTES).flat().filter(isOfOneCell).sort());
    expect(deployed.filter((key) => /\$|\+\}/.test(key))).toEqual(['GET /{proxy+}']);
  });

  it('has routes for homes elsewhere with several cells only', () => {
    const deployed = threeCells
      .propertiesOf('Identity-us', 'AWS::ApiGatewayV2::Route')
      .map((route) => String(route['RouteKey']));
    expect(deployed.sort()).toEqual(Object.values(ROUTES).flat().sort());
  });

  it.each(Object.entries(ROUTES))(
    '%s: constructs and handler list the same routes',
    (surface, routes) => {
      expect(routesInSource(surface)).toEqual([...routes].sort());
    },
  );

  it('lets any origin read answers, never with cookies', () => {
    const [api] = propertiesOf('Identity-eu', 'AWS::ApiGatewayV2::Api');
    expect(api?.['CorsConfiguration']).toEqual({
      AllowOrigins: ['*'],
      AllowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      AllowHeaders: ['authorization', 'content-type', 'dpop'],
      ExposeHeaders: ['www-authenticate', 'dpop-nonce', 'retry-after'],
      MaxAge: 3600,
    });
  });

  it('throttles by parameter and logs neither addresses nor paths nor queries', () => {
    const [stage] = propertiesOf('Identity-eu', 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingRateLimit: { Ref: 'ThrottlingRatePerSecond' },
        ThrottlingBurstLimit: { Ref: 'ThrottlingBurst' },
      },
    });
    const { Format: format = '' } = { ...(stage?.['AccessLogSettings'] as { Format?: string }) };
    expect(JSON.parse(format)).toMatchObject({ requestId: '$context.requestId' });
    expect(format).not.toMatch(/identity|sourceIp|\.path|query|userAgent|header/i);
  });

  it('throttles forms that cost apart, so that a flood there leaves tokens alone', () => {
    const [[, stage] = []] = resourcesOf('Identity-eu', 'AWS::ApiGatewayV2::Stage');
    const settings = {
      ThrottlingRateLimit: { Ref: 'SignInThrottlingRatePerSecond' },
      ThrottlingBurstLimit: { Ref: 'SignInThrottlingBurst' },
      DetailedMetricsEnabled: true,
    };
    expect(stage?.Properties?.['RouteSettings']).toEqual(
      Object.fromEntries(COSTLY_ROUTES.filter(isOfOneCell).map((route) => [route, settings])),
    );
    const posts = INTERACTION_ROUTES.filter((route) => /^POST \/(sign|verify|recover)/.test(route));
    const cheap = 'POST /sign-up/region';
    expect([...COSTLY_ROUTES].sort()).toEqual(posts.filter((route) => route !== cheap).sort());
  });

  it('throttles what writes or asks elsewhere apart, too, with several cells', () => {
    const [stage] = threeCells.propertiesOf('Identity-us', 'AWS::ApiGatewayV2::Stage');
    const apart = Object.keys({ ...(stage?.['RouteSettings'] as Record<string, unknown>) });
    const between = ['GET /hand-over', 'GET /sign-up', 'POST /sign-up/region'];
    expect(apart.sort()).toEqual([...COSTLY_ROUTES, ...between].sort());
  });

  it('creates these routes before the stage, which could not name them otherwise', () => {
    const [[, stage] = []] = resourcesOf('Identity-eu', 'AWS::ApiGatewayV2::Stage');
    const routes = Object.entries(templateOf('Identity-eu').Resources).flatMap(([id, resource]) => {
      const key = resource.Properties?.['RouteKey'];
      return COSTLY_ROUTES.some((route) => route === key) ? [id] : [];
    });
    expect(routes).toHaveLength(COSTLY_ROUTES.filter(isOfOneCell).length);
    expect([stage?.DependsOn ?? []].flat()).toEqual(expect.arrayContaining(routes));
  });

  it('is invoked by payload format 2.0, one integration per surface', () => {
    const integrations = propertiesOf('Identity-eu', 'AWS::ApiGatewayV2::Integration');
    expect(integrations.map((one) => one['PayloadFormatVersion'])).toEqual(
      Object.keys(ROUTES).map(() => '2.0'),
    );
  });

  it('may call each function for that function’s routes only', () => {
    const permitted = propertiesOf('Identity-eu', 'AWS::Lambda::Permission').map(({ SourceArn }) =>
      /\/\*\/(GET|POST|PUT|PATCH|DELETE)(\/[^"]*)"/.exec(JSON.stringify(SourceArn)),
    );
    const routes = permitted.map((match) => `${match?.[1]} ${match?.[2]}`);
    expect(routes.sort()).toEqual(Object.values(ROUTES).flat().filter(isOfOneCell).sort());
  });
});

/** Route keys as they stand in the surface's source: the keys of the record for `createSurface`. */
function routesInSource(surface: string): ReadonlyArray<string> {
  const directory = new URL(`../../functions/${surface}/`, import.meta.url);
  const found = readdirSync(directory)
    .filter((name) => name === 'index.ts' || name === 'routes.ts')
    .flatMap((name) => {
      const source = readFileSync(new URL(name, directory), 'utf8');
      return [...source.matchAll(/'((?:GET|POST|PUT|PATCH|DELETE) \/[^']*)'\s*:/g)].map(
        (match) => match[1] ?? '',
      );
    });
  return [...new Set(found)].sort();
}
