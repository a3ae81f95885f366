import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedResource, Stack } from '../types.ts';
import { isObject } from './json.ts';
import { TemplateError } from './template-error.ts';

/**
 * Directory of a Lambda function's bundle. The CLI's `aws:asset:path` names it; an assembly
 * synthesized in process lacks that, and the hash in `Code.S3Key` names it too. Throws TemplateError.
 */
export function assetDirectory(
  stacks: ReadonlyArray<Stack>,
  lambda: Pick<DeployedResource, 'stack' | 'region' | 'logicalId'>,
): string {
  const where = `stack ${lambda.stack}, function ${lambda.logicalId}`;
  const stack = stacks.find(
    ({ name, region }) => name === lambda.stack && region === lambda.region,
  );
  const declared = stack?.template.Resources[lambda.logicalId];
  if (stack === undefined || declared === undefined) {
    throw new TemplateError(where, 'is not in the assembly');
  }
  const path = declared.Metadata?.['aws:asset:path'];
  const code = declared.Properties?.['Code'];
  const s3Key = isObject(code) ? code['S3Key'] : undefined;
  const names = [
    ...(typeof path === 'string' ? [path] : []),
    ...(typeof s3Key === 'string' ? [`asset.${s3Key.replace(/\.zip$/, '')}`] : []),
  ];
  // A nested stage keeps its assets beside, not below, its own directory.
  const found = names
    .flatMap((name) => [name, join('..', name)])
    .map((name) => join(stack.assemblyDirectory, name))
    .find((directory) => existsSync(directory));
  if (found === undefined) throw new TemplateError(where, 'its bundle is not in the assembly');
  return found;
}
