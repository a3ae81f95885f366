import { assetDirectory } from '../template/assets.ts';
import type { Deployment } from '../template/deployment.ts';
import { arn } from '../template/physical-ids.ts';
import type { DeployedResource } from '../types.ts';
import type { LambdaFunction } from './function.ts';

const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

/** Reads an AWS::Lambda::Function, so that it runs with what the template gives it and no more. */
export function readFunction(deployment: Deployment, resource: DeployedResource): LambdaFunction {
  const { properties, physicalId: name, region } = resource;
  const reserved = properties['ReservedConcurrentExecutions'];
  const logGroupName = readLogGroup(properties['LoggingConfig']) ?? `/aws/lambda/${name}`;
  return {
    name,
    region,
    arn: resource.attributes['Arn'] ?? name,
    roleArn: String(properties['Role']),
    handler: String(properties['Handler']),
    assetDirectory: assetDirectory(deployment.stacks, resource),
    environment: readEnvironment(properties['Environment']),
    timeoutSeconds: Number(properties['Timeout'] ?? DEFAULT_TIMEOUT_SECONDS),
    memoryMb: Number(properties['MemorySize'] ?? DEFAULT_MEMORY_MB),
    ...(reserved !== undefined && { reservedConcurrency: Number(reserved) }),
    logGroupName,
    logGroupArn: arn('logs', region, `log-group:${logGroupName}`),
  };
}

function readEnvironment(environment: unknown): Record<string, string> {
  const variables = readObject(readObject(environment)['Variables']);
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, String(value)]),
  );
}

function readLogGroup(logging: unknown): string | undefined {
  const name = readObject(logging)['LogGroup'];
  return name === undefined ? undefined : String(name);
}

function readObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
