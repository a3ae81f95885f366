/** The control plane: what a table is, read from its template. */
import { AwsError } from '../types.ts';
import { findString, type JsonObject } from './json-object.ts';
import type { RecoveryWindow } from './recovery.ts';
import { labelOf } from './stream-journal.ts';
import type { Table } from './table.ts';

type Describe = (table: Table) => JsonObject;

const DESCRIPTIONS: Readonly<Record<string, Describe>> = {
  DescribeTable: (table) => ({ Table: describeTable(table) }),
  DescribeTimeToLive: (table) => ({ TimeToLiveDescription: describeTimeToLive(table) }),
};

export function isDescription(operation: string): boolean {
  return operation === 'ListTables' || Object.hasOwn(DESCRIPTIONS, operation);
}

/** Throws ResourceNotFoundException for a table that no template declares. */
export function describe(
  operation: string,
  tables: ReadonlyArray<Table>,
  input: JsonObject,
): JsonObject {
  const describer = DESCRIPTIONS[operation];
  if (!describer) return { TableNames: tables.map(({ name }) => name).sort() };
  return describer(loadDeclared(tables, input));
}

export function loadDeclared(tables: ReadonlyArray<Table>, input: JsonObject): Table {
  const name = findString(input, 'TableName');
  const table = tables.find((one) => one.name === name);
  if (table) return table;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${name} not found`,
  );
}

export function describeTable(table: Table): JsonObject {
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableStatus: 'ACTIVE',
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.globalSecondaryIndexes.length > 0 && {
      GlobalSecondaryIndexes: table.globalSecondaryIndexes.map((index) => ({
        ...index,
        IndexArn: `${table.arn}/index/${index['IndexName']}`,
        IndexStatus: 'ACTIVE',
      })),
    }),
    ...(table.stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType },
      LatestStreamArn: table.stream.arn,
      LatestStreamLabel: labelOf(table.stream.arn),
    }),
    ...(table.replicaRegions.length > 1 && {
      GlobalTableVersion: '2019.11.21',
      Replicas: table.replicaRegions.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' })),
    }),
    ...(table.kmsKeyArn && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.kmsKeyArn },
    }),
  };
}

/** `DescribeContinuousBackups`. */
export function describeBackups(
  { recoveryPeriodDays }: Table,
  window: RecoveryWindow | undefined,
): JsonObject {
  return {
    // AWS reports ENABLED for every table; recovery is what the template switches.
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: window === undefined ? 'DISABLED' : 'ENABLED',
      ...(window !== undefined && {
        RecoveryPeriodInDays: recoveryPeriodDays,
        EarliestRestorableDateTime: window.earliestMs / 1000,
        LatestRestorableDateTime: window.latestMs / 1000,
      }),
    },
  };
}

function describeTimeToLive({ ttlAttribute }: Table): JsonObject {
  if (ttlAttribute === undefined) return { TimeToLiveStatus: 'DISABLED' };
  return { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute };
}

/** Tables come and go with their template; deletion protection is honoured as AWS words it. */
export function refuseDeletion(table: Table): never {
  if (table.deletionProtection) {
    throw new AwsError(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  throw new AwsError(
    'UnsupportedOperationException',
    'the local cloud deletes a table only when its template no longer declares it',
  );
}
