import { Stack, type StackProps } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { createTableKey } from '../constructs/table-key.ts';
import { DIRECTORY_KEY_ALIAS } from '../names.ts';

/**
 * Encrypts the directory's replica of this region. It stands before the directory, which names it
 * by its alias: the ARN of a key cannot cross regions in a template.
 */
export class DirectoryKeyStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    new Alias(this, 'Alias', {
      aliasName: DIRECTORY_KEY_ALIAS,
      targetKey: createTableKey(this, 'DirectoryKey', 'the replica of the directory table'),
    });
  }
}
