import { SecretValue } from 'aws-cdk-lib';
import type { Domain } from './config.ts';

/**
 * What CloudFront sends and functions accept (ADR 0016). Secrets Manager makes the values; templates
 * hold references that CloudFormation resolves in the region of each stack.
 */
export function secretName(generation: number): string {
  return `domicile-edge-${generation}`;
}

/** Made and kept: the one in use, and the one before it, until its last distribution is changed. */
export function secretGenerations({ edgeSecretGeneration }: Domain): ReadonlyArray<number> {
  return [edgeSecretGeneration, edgeSecretGeneration - 1].filter((generation) => generation > 0);
}

/** References to what functions accept. */
export function acceptedSecrets(domain: Domain): ReadonlyArray<string> {
  return secretGenerations(domain).map(referTo);
}

/** Reference to what distributions send. */
export function sentSecret({ edgeSecretGeneration }: Domain): string {
  return referTo(edgeSecretGeneration);
}

/** A text that only CloudFormation can read the secret by; there is nothing to leak in it. */
function referTo(generation: number): string {
  return SecretValue.secretsManager(secretName(generation)).unsafeUnwrap();
}
