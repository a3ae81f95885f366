import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Domain, Topology } from '../config.ts';
import { secretGenerations, secretName } from '../edge-secrets.ts';
import { EDGE_REGION } from '../names.ts';
import { regionOf } from '../topology-environment.ts';

interface EdgeSecretStackProps extends StackProps {
  readonly topology: Topology;
  readonly domain: Domain;
}

/**
 * What CloudFront proves itself with, and what every region's functions compare it with (ADR 0016).
 * It stands before both, in the primary region, with a replica wherever a stack refers to it.
 */
export class EdgeSecretStack extends Stack {
  constructor(scope: Construct, id: string, { topology, domain, ...props }: EdgeSecretStackProps) {
    super(scope, id, props);
    const primary = regionOf(topology.primary);
    const regions = new Set([...topology.cells.map(regionOf), EDGE_REGION]);
    regions.delete(primary);
    for (const generation of secretGenerations(domain)) {
      new Secret(this, `Secret${generation}`, {
        secretName: secretName(generation),
        description: 'Domicile: shows that a request has come through CloudFront',
        // Letters and digits: it goes into a header.
        generateSecretString: { passwordLength: 48, excludePunctuation: true },
        replicaRegions: [...regions].map((region) => ({ region })),
      });
    }
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'A new value has to reach functions before distributions: deployments change it, by generation',
    });
  }
}
