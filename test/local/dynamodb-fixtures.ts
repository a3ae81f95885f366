import type { Clock, DeployedResource } from '../../local/types.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

export const NAMES = { data: 'domicile-data-eu', keys: 'domicile-keys-eu' } as const;

export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/mrk-data`;

const SCHEMA = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

/** As CDK's `TableV2` synthesizes it. */
export const dataTable: DeployedResource = table('AWS::DynamoDB::GlobalTable', NAMES.data, {
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  Replicas: [
    {
      Region: REGION,
      DeletionProtectionEnabled: true,
      SSESpecification: { KMSMasterKeyId: KEY_ARN },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
    },
  ],
});

/** As CDK's older `Table` synthesizes it. */
export const keyTable: DeployedResource = table('AWS::DynamoDB::Table', NAMES.keys, {
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST',
  PointInTimeRecoverySpecification: {
    PointInTimeRecoveryEnabled: true,
    RecoveryPeriodInDays: 1,
  },
});

function table(
  type: string,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): DeployedResource {
  const Arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
  return {
    stack: 'Data',
    region: REGION,
    logicalId: name.replaceAll('-', ''),
    type,
    physicalId: name,
    attributes: { Arn, StreamArn: `${Arn}/stream/2026-01-01T00:00:00.000` },
    properties,
  };
}

export interface MovableClock extends Clock {
  advance(seconds: number): void;
  nowSeconds(): number;
}

export function movableClock(): MovableClock {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    nowMs: () => nowMs,
    nowSeconds: () => Math.floor(nowMs / 1000),
    advance(seconds) {
      nowMs += seconds * 1000;
    },
  };
}
