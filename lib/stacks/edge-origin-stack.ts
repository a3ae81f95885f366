import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnApiMapping, CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnHealthCheck, CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { areSeveral, type Cell, type Domain, type Topology } from '../config.ts';
import { createHostCertificate } from '../constructs/edge-certificate.ts';
import { cellHost, cellOrigin, nearestOrigin } from '../edge-hosts.ts';
import { regionOf } from '../topology-environment.ts';

interface EdgeOriginStackProps extends StackProps {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly domain: Domain;
  readonly apiId: string;
}

/** From where Route 53 asks: three regions are the fewest that it takes. */
const CHECKERS = ['eu-west-1', 'us-east-1', 'ap-southeast-1'];

/**
 * Where CloudFront finds one cell: its API answers to the issuer's host and to the cell's own, and
 * records lead there. The same names in every region: nothing here refers to another one.
 */
export class EdgeOriginStack extends Stack {
  readonly #domain: Domain;

  constructor(scope: Construct, id: string, props: EdgeOriginStackProps) {
    const { cell, topology, domain, apiId, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#domain = domain;
    const certificate = createHostCertificate(this, domain);
    const issuer = this.#answer('Issuer', domain.name, { certificate, apiId });
    const own = this.#answer('Cell', cellHost(cell, domain), { certificate, apiId });
    new CfnRecordSet(this, 'Origin', {
      ...this.#leadingTo(own),
      name: cellOrigin(cell, domain),
    });
    new CfnRecordSet(this, 'NearestOrigin', {
      ...this.#leadingTo(issuer),
      name: nearestOrigin(domain),
      setIdentifier: cell.name,
      region: regionOf(cell),
      // A single cell is asked whatever its health: there is no other.
      ...(areSeveral(topology) && { healthCheckId: this.#checkHealth(cell).attrHealthCheckId }),
    });
  }

  /** CloudFront passes the host on that was asked, so the API is known by that name. */
  #answer(
    id: string,
    domainName: string,
    { certificate, apiId }: { readonly certificate: Certificate; readonly apiId: string },
  ): CfnDomainName {
    const { certificateArn } = certificate;
    const named = new CfnDomainName(this, `${id}Domain`, {
      domainName,
      domainNameConfigurations: [
        { certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
      ],
    });
    new CfnApiMapping(this, `${id}Mapping`, { apiId, domainName: named.ref, stage: '$default' });
    return named;
  }

  #leadingTo({ attrRegionalDomainName, attrRegionalHostedZoneId }: CfnDomainName) {
    return {
      hostedZoneId: this.#domain.hostedZoneId,
      type: 'A',
      aliasTarget: { dnsName: attrRegionalDomainName, hostedZoneId: attrRegionalHostedZoneId },
    };
  }

  /** Through CloudFront, as people come: the API refuses whoever passes it by. */
  #checkHealth(cell: Cell): CfnHealthCheck {
    return new CfnHealthCheck(this, 'Health', {
      healthCheckConfig: {
        type: 'HTTPS',
        fullyQualifiedDomainName: cellHost(cell, this.#domain),
        port: 443,
        resourcePath: '/health',
        enableSni: true,
        requestInterval: 30,
        failureThreshold: 3,
        regions: CHECKERS,
      },
      healthCheckTags: [{ key: 'Name', value: `domicile-${cell.name}` }],
    });
  }
}
