import { describe, expect, it } from 'vitest';
import { HTTP_SURFACES } from '../../lib/surfaces.ts';
import type { TemplateResource } from '../../local/types.ts';
import { EDGES, environmentsOf, synthesizeApp, THREE_CELLS } from './synthesized.ts';

const edge = await synthesizeApp(EDGES.three);
const cellNames = THREE_CELLS.map(({ name }) => name);
const SECRET = '{{resolve:secretsmanager:domicile-edge-1:SecretString:::}}';
const HOSTS = [
  ['id.example.com', 'origin.id.example.com'],
  ['eu.id.example.com', 'origin-eu.id.example.com'],
  ['us.id.example.com', 'origin-us.id.example.com'],
  ['ap.id.example.com', 'origin-ap.id.example.com'],
] as const;

/** As CloudFormation spells it. */
interface DistributionConfig {
  readonly Aliases: ReadonlyArray<string>;
  readonly Origins: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly CacheBehaviors?: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly CustomErrorResponses: ReadonlyArray<object>;
}

function distributionOf(host: string): DistributionConfig {
  const configs = edge
    .propertiesOf('Edge', 'AWS::CloudFront::Distribution')
    .map(({ DistributionConfig: config }) => config as DistributionConfig);
  const config = configs.find(({ Aliases: aliases }) => aliases.includes(host));
  if (config === undefined) throw new Error(`no distribution of ${host}`);
  return config;
}

function policy(type: string, reference: unknown): Readonly<Record<string, unknown>> {
  const { Ref: id } = reference as { Ref: string };
  const found = edge
    .resourcesOf('Edge', `AWS::CloudFront::${type}`)
    .find(([logicalId]) => logicalId === id);
  return { ...(found?.[1].Properties?.[`${type}Config`] as object) };
}

describe('the stacks of a domain', () => {
  it('add hosts in us-east-1, where they lead to in every cell’s region, and a secret', () => {
    const added = edge.stacks.filter(({ id }) => id.startsWith('Edge'));
    expect(added.map(({ id, region }) => `${id} ${region}`).sort()).toEqual([
      'Edge us-east-1',
      'EdgeOrigin-ap ap-southeast-2',
      'EdgeOrigin-eu eu-central-1',
      'EdgeOrigin-us us-east-1',
      'EdgeSecret eu-central-1',
    ]);
  });

  it('deploy so that functions accept a secret before anybody sends it', () => {
    const order = edge.stacks.map(({ id }) => id);
    for (const cell of cellNames) {
      const identity = order.indexOf(`Identity-${cell}`);
      expect(order.indexOf('EdgeSecret')).toBeLessThan(identity);
      expect(order.indexOf('Edge')).toBeGreaterThan(identity);
      expect(order.indexOf('Edge')).toBeGreaterThan(order.indexOf(`EdgeOrigin-${cell}`));
    }
  });

  it('need no addresses from the operator: issuer and pages follow from the domain', () => {
    for (const cell of cellNames) {
      expect(edge.templateOf(`Identity-${cell}`).Parameters).not.toHaveProperty('IssuerUrl');
      for (const variables of environmentsOf(edge, cell)) {
        expect(variables).toMatchObject({
          ISSUER: 'https://id.example.com',
          CELL_URLS:
            'eu=https://eu.id.example.com,us=https://us.id.example.com,ap=https://ap.id.example.com',
        });
      }
    }
  });
});

describe('the secret of the edge', () => {
  it('is made by Secrets Manager and stands in no template', () => {
    const [secret, ...others] = edge.propertiesOf('EdgeSecret', 'AWS::SecretsManager::Secret');
    expect(others).toEqual([]);
    expect(secret).toMatchObject({ Name: 'domicile-edge-1', GenerateSecretString: {} });
    expect(secret).not.toHaveProperty('SecretString');
  });

  it('can be read in every region whose stacks refer to it', async () => {
    const replicas = (regions: ReadonlyArray<string>) => regions.map((Region) => ({ Region }));
    expect(edge.propertiesOf('EdgeSecret', 'AWS::SecretsManager::Secret')).toMatchObject([
      { ReplicaRegions: replicas(['us-east-1', 'ap-southeast-2']) },
    ]);
    const alone = await synthesizeApp(EDGES.last);
    expect(alone.propertiesOf('EdgeSecret', 'AWS::SecretsManager::Secret')).toMatchObject([
      { ReplicaRegions: replicas(['us-east-1']) },
    ]);
  });

  it.each(HOSTS)('is sent with what %s was asked, and so is that host', (host) => {
    expect(distributionOf(host).Origins).toMatchObject([
      {
        OriginCustomHeaders: [
          { HeaderName: 'x-domicile-edge', HeaderValue: SECRET },
          { HeaderName: 'x-domicile-host', HeaderValue: host },
        ],
      },
    ]);
  });

  it('is known to every function behind the API', () => {
    for (const cell of cellNames) {
      expect(environmentsOf(edge, cell)).toHaveLength(HTTP_SURFACES.length);
      for (const variables of environmentsOf(edge, cell)) {
        expect(variables['EDGE_SECRET']).toBe(SECRET);
      }
    }
  });

  it('changes without a gap: functions accept the old one as long as it may be sent', async () => {
    const next = await synthesizeApp(EDGES.secretChanged);
    const names = next
      .propertiesOf('EdgeSecret', 'AWS::SecretsManager::Secret')
      .map(({ Name: name }) => name);
    expect(names).toEqual(['domicile-edge-3', 'domicile-edge-2']);
    for (const variables of environmentsOf(next, 'us')) {
      expect(variables['EDGE_SECRET']).toBe(
        [SECRET.replace('-1', '-3'), SECRET.replace('-1', '-2')].join(','),
      );
    }
    const sent = JSON.stringify(next.templateOf('Edge'));
    expect(sent).toContain('domicile-edge-3');
    expect(sent).not.toContain('domicile-edge-2');
  });
});

describe.each(HOSTS)('%s', (host, origin) => {
  const config = distributionOf(host);

  it('is reached over TLS 1.2 or newer, HTTP/2 and HTTP/3, behind the firewall', () => {
    expect(config).toMatchObject({
      Aliases: [host],
      HttpVersion: 'http2and3',
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      WebACLId: { 'Fn::GetAtt': [expect.stringMatching(/WebAcl/), 'Arn'] },
    });
  });

  it(`finds its API at ${origin}, over TLS alone`, () => {
    expect(config.Origins).toMatchObject([
      {
        DomainName: origin,
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      },
    ]);
  });

  it('passes everything on and keeps nothing, not even what failed', () => {
    const behavior = config.DefaultCacheBehavior;
    const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    expect(behavior['CachePolicyId']).toBe(cachingDisabled);
    expect(policy('OriginRequestPolicy', behavior['OriginRequestPolicyId'])).toMatchObject({
      HeadersConfig: {
        HeaderBehavior: 'allViewerAndWhitelistCloudFront',
        Headers: ['CloudFront-Viewer-Address', 'CloudFront-Viewer-Country'],
      },
      CookiesConfig: { CookieBehavior: 'all' },
      QueryStringsConfig: { QueryStringBehavior: 'all' },
    });
    expect(config.CustomErrorResponses).toHaveLength(11);
    for (const kept of config.CustomErrorResponses) {
      expect(kept).toMatchObject({ ErrorCachingMinTTL: 0 });
    }
  });

  it('says HTTPS alone, also in what CloudFront answers by itself', () => {
    for (const behavior of [config.DefaultCacheBehavior, ...(config.CacheBehaviors ?? [])]) {
      expect(behavior['ViewerProtocolPolicy']).toBe('redirect-to-https');
      expect(policy('ResponseHeadersPolicy', behavior['ResponseHeadersPolicyId'])).toMatchObject({
        SecurityHeadersConfig: {
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true },
        },
      });
    }
  });

  it('writes no access log, which would hold queries and addresses', () => {
    expect(config).not.toHaveProperty('Logging');
  });
});

describe('discovery and keys', () => {
  const published = distributionOf('id.example.com').CacheBehaviors ?? [];

  it('are kept at the edge as long as they say, the same for everybody', () => {
    expect(published.map(({ PathPattern: path }) => path)).toEqual([
      '/.well-known/*',
      '/oauth2/jwks',
    ]);
    for (const behavior of published) {
      expect(policy('CachePolicy', behavior['CachePolicyId'])).toMatchObject({
        MinTTL: 0,
        DefaultTTL: 0,
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: { CookieBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
        },
      });
    }
  });

  it('are asked for without cookie, query or caller, by the host alone', () => {
    for (const behavior of published) {
      expect(policy('OriginRequestPolicy', behavior['OriginRequestPolicyId'])).toMatchObject({
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Host'] },
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      });
    }
  });

  it('may be read from any origin, whoever asked for them first', () => {
    for (const behavior of published) {
      expect(policy('ResponseHeadersPolicy', behavior['ResponseHeadersPolicyId'])).toMatchObject({
        CorsConfig: {
          AccessControlAllowOrigins: { Items: ['*'] },
          AccessControlAllowCredentials: false,
        },
      });
    }
  });

  it('are published by the issuer alone', () => {
    for (const [host] of HOSTS.slice(1)) {
      expect(distributionOf(host)).not.toHaveProperty('CacheBehaviors');
    }
  });
});

describe('the firewall', () => {
  const [acl] = edge.propertiesOf('Edge', 'AWS::WAFv2::WebACL');
  const rules = acl?.['Rules'] as ReadonlyArray<{
    Name: string;
    Statement: Record<string, unknown>;
    VisibilityConfig: object;
  }>;

  it('has AWS’s common rules and known bad inputs, and refuses addresses that ask too often', () => {
    expect(acl).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
    expect(rules.map(({ Name: name }) => name)).toEqual([
      'forms',
      'requests',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    expect(rules[0]?.Statement).toMatchObject({
      RateBasedStatement: { Limit: { Ref: 'EdgeFormsPerFiveMinutes' }, AggregateKeyType: 'IP' },
    });
    expect(rules[1]?.Statement).toMatchObject({
      RateBasedStatement: { Limit: { Ref: 'EdgeRequestsPerFiveMinutes' } },
    });
  });

  it.each(['EdgeFormsPerFiveMinutes', 'EdgeRequestsPerFiveMinutes'])(
    '%s is a parameter with a default within its range, and WAF’s own least',
    (name) => {
      const parameter = edge.templateOf('Edge').Parameters?.[name];
      expect(parameter?.Description).toMatch(/^[A-Z].+\.$/);
      expect(parameter?.MinValue).toBeGreaterThanOrEqual(10);
      expect(Number(parameter?.Default)).toBeGreaterThan(Number(parameter?.MinValue));
      expect(Number(parameter?.Default)).toBeLessThan(Number(parameter?.MaxValue));
    },
  );

  it('does not count what apps post among the forms', () => {
    expect(JSON.stringify(rules[0]?.Statement)).toContain('"NotStatement"');
    expect(JSON.stringify(rules[0]?.Statement)).toContain('/oauth2/');
    expect(JSON.stringify(rules[0]?.Statement)).toContain('/v1/');
  });

  it('lets sealed state, any password, loopback redirects and plain servers through', () => {
    const { ManagedRuleGroupStatement: common } = rules[3]?.Statement ?? {};
    const { RuleActionOverrides: overrides } = common as {
      RuleActionOverrides: ReadonlyArray<{ Name: string; ActionToUse: object }>;
    };
    expect(overrides.map(({ Name: name }) => name)).toEqual(
      expect.arrayContaining([
        'SizeRestrictions_QUERYSTRING',
        'SizeRestrictions_BODY',
        'CrossSiteScripting_BODY',
        'GenericRFI_QUERYARGUMENTS',
        'NoUserAgent_HEADER',
      ]),
    );
    for (const { ActionToUse: action } of overrides) expect(action).toEqual({ Count: {} });
  });

  it('keeps no samples of requests', () => {
    const text = JSON.stringify(acl);
    expect(text).toContain('"SampledRequestsEnabled":false');
    expect(text).not.toContain('"SampledRequestsEnabled":true');
  });
});

describe.each(cellNames)('the API of %s', (cell) => {
  const id = `EdgeOrigin-${cell}`;
  const records = edge.propertiesOf(id, 'AWS::Route53::RecordSet');
  const record = (name: string) => records.find(({ Name: found }) => found === name);

  it('answers to the issuer’s host and its own, by their names alone', () => {
    const names = edge
      .propertiesOf(id, 'AWS::ApiGatewayV2::DomainName')
      .map(({ DomainName: name }) => name);
    expect(names).toEqual(['id.example.com', `${cell}.id.example.com`]);
    expect(edge.propertiesOf(id, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(2);
    expect(edge.propertiesOf(`Identity-${cell}`, 'AWS::ApiGatewayV2::Api')).toMatchObject([
      { DisableExecuteApiEndpoint: true },
    ]);
  });

  it('has a certificate of its region for both', () => {
    expect(edge.propertiesOf(id, 'AWS::CertificateManager::Certificate')).toMatchObject([
      {
        DomainName: 'id.example.com',
        SubjectAlternativeNames: ['*.id.example.com'],
        ValidationMethod: 'DNS',
      },
    ]);
  });

  it('is the issuer for whoever is nearest, as long as it is healthy', () => {
    const { region } = THREE_CELLS.find(({ name }) => name === cell) ?? {};
    expect(record('origin.id.example.com')).toMatchObject({
      Region: region,
      SetIdentifier: cell,
      HealthCheckId: expect.anything(),
    });
    expect(edge.propertiesOf(id, 'AWS::Route53::HealthCheck')).toMatchObject([
      {
        HealthCheckConfig: {
          Type: 'HTTPS',
          FullyQualifiedDomainName: `${cell}.id.example.com`,
          ResourcePath: '/health',
        },
      },
    ]);
  });

  it('is found at its own origin by its own host', () => {
    const own = record(`origin-${cell}.id.example.com`);
    expect(own).not.toHaveProperty('Region');
    const [[logicalId] = ['']] = edge
      .resourcesOf(id, 'AWS::ApiGatewayV2::DomainName')
      .filter(([, domain]) => isNamed(domain, `${cell}.id.example.com`));
    expect(JSON.stringify(own?.['AliasTarget'])).toContain(`"${logicalId}"`);
  });
});

function isNamed({ Properties: properties }: TemplateResource, name: string): boolean {
  return properties?.['DomainName'] === name;
}
