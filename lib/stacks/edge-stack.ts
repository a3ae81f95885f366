import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Domain, Topology } from '../config.ts';
import { createHostCertificate } from '../constructs/edge-certificate.ts';
import { EdgeFirewall } from '../constructs/edge-firewall.ts';
import { type EdgeContext, EdgeHost } from '../constructs/edge-host.ts';
import { EdgePolicies } from '../constructs/edge-policies.ts';
import { cellHost, cellOrigin, nearestOrigin } from '../edge-hosts.ts';
import { declareEdgeParameters } from '../parameters.ts';

interface EdgeStackProps extends StackProps {
  readonly topology: Topology;
  readonly domain: Domain;
}

/** Where everybody comes in, in us-east-1, as CloudFront wants it: it holds nothing of anybody. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { topology, domain, ...props }: EdgeStackProps) {
    super(scope, id, props);
    const firewall = new EdgeFirewall(this, 'Firewall', declareEdgeParameters(this));
    const context: EdgeContext = {
      domain,
      certificate: createHostCertificate(this, domain),
      webAclArn: firewall.webAclArn,
      policies: new EdgePolicies(this, 'Policies'),
    };
    new EdgeHost(this, 'Issuer', context, {
      host: domain.name,
      originHost: nearestOrigin(domain),
      comment: 'Domicile: the issuer, answered by the nearest cell',
      publishes: true,
    });
    for (const cell of topology.cells) {
      new EdgeHost(this, `Cell-${cell.name}`, context, {
        host: cellHost(cell, domain),
        originHost: cellOrigin(cell, domain),
        comment: `Domicile: the pages of ${cell.name}`,
        publishes: false,
      });
    }
    this.#acknowledge();
  }

  #acknowledge(): void {
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR1',
      reason: 'People sign in from wherever they are; where they are at home decides on their data',
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR3',
      reason: 'Access logs hold queries and addresses; the API logs routes and request ids instead',
    });
  }
}
