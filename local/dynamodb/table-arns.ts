/** How IAM and KMS name the tables of a region. */
import type { AuthorizationQuery } from '../types.ts';
import type { Table } from './table.ts';

export type Query = Omit<AuthorizationQuery, 'principal' | 'region'>;

export interface Region {
  readonly region: string;
  readonly account: string;
  readonly tables: ReadonlyArray<Table>;
}

export function arnOf({ region, account, tables }: Region, tableName: string): string {
  const declared = tables.find(({ name }) => name === tableName)?.arn;
  return declared ?? `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
}

/** What DynamoDB binds a table's encryption to. */
export function keyContext({ region, account }: Region, tableName: string): Query['context'] {
  return {
    'kms:ViaService': [`dynamodb.${region}.amazonaws.com`],
    'kms:CallerAccount': [account],
    'kms:EncryptionContextKeys': ['aws:dynamodb:tableName', 'aws:dynamodb:subscriberId'],
    'kms:EncryptionContext:aws:dynamodb:tableName': [tableName],
    'kms:EncryptionContext:aws:dynamodb:subscriberId': [account],
  };
}
