import { describe, expect, it } from 'vitest';
import { propertiesOf, resourcesOf, STACKS, templateOf } from './synthesized.ts';

const STATEFUL_TYPES = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
];

function tableNamed(name: string): Record<string, unknown> {
  const found = propertiesOf('Data-eu', 'AWS::DynamoDB::Table').find(
    (table) => table['TableName'] === name,
  );
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

describe('stateful resources', () => {
  it.each(
    STACKS.flatMap((stack) =>
      STATEFUL_TYPES.flatMap((type) =>
        resourcesOf(stack, type).map(([id, resource]) => ({ stack, id, resource })),
      ),
    ),
  )('$stack/$id stays when its stack goes or replaces it', ({ resource }) => {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('are four tables, eight keys and two buckets, all in the Directory and Data stacks', () => {
    const count = (stack: (typeof STACKS)[number]) =>
      STATEFUL_TYPES.map((type) => resourcesOf(stack, type).length);
    expect(STACKS.map(count)).toEqual([
      [0, 1, 3, 0],
      [3, 0, 5, 2],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });
});

describe('the directory table', () => {
  it('is a global table, protected, encrypted with its own key, recoverable for 35 days', () => {
    expect(propertiesOf('Directory', 'AWS::DynamoDB::GlobalTable')).toEqual([
      expect.objectContaining({
        TableName: 'domicile-directory',
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        // A table without it could never get a second replica in the same update.
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas: [
          {
            Region: { Ref: 'AWS::Region' },
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: {
              PointInTimeRecoveryEnabled: true,
              RecoveryPeriodInDays: 35,
            },
            SSESpecification: { KMSMasterKeyId: keyArnOf('DirectoryKey') },
          },
        ],
      }),
    ]);
  });
});

describe('the data table', () => {
  it('is protected, encrypted with its own key, streamed, recoverable for 35 days', () => {
    expect(tableNamed('domicile-data-eu')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArnOf('DataKey') },
    });
  });
});

describe('the key table', () => {
  it('remembers one day only, so that a deleted key is gone from every copy after it', () => {
    expect(tableNamed('domicile-keys-eu')).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 1,
      },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArnOf('KeysKey') },
    });
  });

  it('has no stream, no expiry and no backup plan beside it', () => {
    const table = tableNamed('domicile-keys-eu');
    expect(table).not.toHaveProperty('StreamSpecification');
    expect(table).not.toHaveProperty('TimeToLiveSpecification');
    for (const stack of STACKS) {
      const types = Object.values(templateOf(stack).Resources).map(({ Type }) => Type);
      expect(types.filter((type) => type.startsWith('AWS::Backup'))).toEqual([]);
    }
  });
});

describe('the records table', () => {
  it('outlives the people it speaks of: protected, recoverable for 35 days, streamed nowhere', () => {
    const table = tableNamed('domicile-records-eu');
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: keyArnOf('RecordsKey'),
      },
    });
    expect(table).not.toHaveProperty('StreamSpecification');
  });
});

describe('buckets', () => {
  const [exports, archive] = ['domicile-exports-eu-', 'domicile-archive-eu-'].map(bucketNamed);

  it.each([
    ['exports', exports],
    ['the archive', archive],
  ])('of %s are closed to the public, and to whoever comes without TLS 1.2', (_what, bucket) => {
    expect(bucket?.[1].Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    for (const open of ['AccessControl', 'CorsConfiguration', 'WebsiteConfiguration']) {
      expect(bucket?.[1].Properties).not.toHaveProperty(open);
    }
    const denied = statementsOf(bucket?.[0] ?? '');
    expect(denied.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny']);
    expect(denied.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]);
  });

  it('of exports are encrypted under a key of their own, keep no versions and empty themselves', () => {
    const properties = exports?.[1].Properties ?? {};
    expect(properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: keyArnOf('ExportsKey'),
            },
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Status: 'Enabled',
            Prefix: 'exports/',
            ExpirationInDays: 60,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    });
    expect(properties).not.toHaveProperty('VersioningConfiguration');
    expect(Number(templateOf('Privacy-eu').Parameters?.['ExportLinkDays']?.MaxValue)).toBeLessThan(
      60,
    );
  });

  it('of the archive are there only when asked for, locked from the first object on', () => {
    const conditions = { ...templateOf('Data-eu').Conditions } as Record<string, unknown>;
    const condition = String(archive?.[1].Condition);
    expect(conditions[condition]).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AuditArchive' }, 'none'] }],
    });
    expect(templateOf('Data-eu').Parameters?.['AuditArchive']?.Default).toBe('none');
    expect(archive?.[1].Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: {
          DefaultRetention: {
            Days: { Ref: 'AuditArchiveDays' },
            Mode: { 'Fn::If': [expect.any(String), 'COMPLIANCE', 'GOVERNANCE'] },
          },
        },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      // A key that somebody deletes would undo what the lock protects.
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
    });
  });
});

describe('KMS keys', () => {
  it.each([
    [
      'KeyringKey',
      {
        EnableKeyRotation: true,
        MultiRegion: true,
        Tags: [{ Key: 'domicile:purpose', Value: 'keyring' }],
      },
    ],
    ['DirectoryKey', { EnableKeyRotation: true }],
    [
      'EvidenceKey',
      {
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        MultiRegion: true,
        Tags: [{ Key: 'domicile:purpose', Value: 'evidence' }],
      },
    ],
    ['DataKey', { EnableKeyRotation: true }],
    ['RecordsKey', { EnableKeyRotation: true }],
    ['ExportsKey', { EnableKeyRotation: true }],
    ['KeysKey', { EnableKeyRotation: true }],
    ['CellKey', { EnableKeyRotation: true }],
  ])('%s is made for its purpose and outlives a deletion by 30 days', (id, properties) => {
    expect(keyNamed(id)[1].Properties).toMatchObject({ ...properties, PendingWindowInDays: 30 });
  });

  it.each([
    ['DirectoryKey', 'UseThroughDynamoDb', 'dynamodb.'],
    ['DataKey', 'UseThroughDynamoDb', 'dynamodb.'],
    ['KeysKey', 'UseThroughDynamoDb', 'dynamodb.'],
    ['RecordsKey', 'UseThroughDynamoDb', 'dynamodb.'],
    ['ExportsKey', 'UseThroughS3', 's3.'],
  ])(
    '%s is usable by this account through the service that stores what it encrypts, alone',
    (id, sid, service) => {
      const policy = keyNamed(id)[1].Properties?.['KeyPolicy'] as {
        Statement: ReadonlyArray<Record<string, unknown>>;
      };
      expect(policy.Statement).toHaveLength(2);
      expect(policy.Statement[1]).toMatchObject({
        Sid: sid,
        Condition: {
          StringEquals: {
            'kms:CallerAccount': { Ref: 'AWS::AccountId' },
            'kms:ViaService': {
              'Fn::Join': ['', [service, { Ref: 'AWS::Region' }, '.amazonaws.com']],
            },
          },
        },
      });
    },
  );

  it('are none that sign tokens: those are made, and rotated, at run time', () => {
    const signing = STACKS.flatMap((stack) => resourcesOf(stack, 'AWS::KMS::Key')).filter(
      ([, { Properties }]) => (Properties?.['KeyUsage'] ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT',
    );
    expect(signing.map(([id]) => id)).toEqual([expect.stringMatching(/^EvidenceKey/)]);
  });

  it('wrap the cell’s own keyring in one region only', () => {
    expect(keyNamed('CellKey')[1].Properties).not.toHaveProperty('MultiRegion');
  });

  it.each(['KeyringKey', 'EvidenceKey', 'CellKey'])('%s leaves who may use it to IAM', (id) => {
    const policy = keyNamed(id)[1].Properties?.['KeyPolicy'] as { Statement: unknown };
    expect(policy.Statement).toEqual([
      expect.objectContaining({ Action: 'kms:*', Effect: 'Allow', Resource: '*' }),
    ]);
  });
});

function bucketNamed(prefix: string) {
  const found = resourcesOf('Data-eu', 'AWS::S3::Bucket').find(([, { Properties }]) =>
    JSON.stringify(Properties?.['BucketName']).includes(prefix),
  );
  if (found === undefined) throw new Error(`no bucket ${prefix}`);
  return found;
}

/** Of the policy of a bucket. */
function statementsOf(bucket: string): ReadonlyArray<Record<string, unknown>> {
  const found = propertiesOf('Data-eu', 'AWS::S3::BucketPolicy').find(
    (policy) => JSON.stringify(policy['Bucket']) === JSON.stringify({ Ref: bucket }),
  );
  const { Statement = [] } = { ...(found?.['PolicyDocument'] as { Statement?: [] }) };
  return Statement;
}

function keyNamed(id: string) {
  const found = (['Directory', 'Data-eu'] as const)
    .flatMap((stack) => resourcesOf(stack, 'AWS::KMS::Key'))
    .find(([logicalId]) => logicalId.startsWith(id));
  if (found === undefined) throw new Error(`no key ${id}`);
  return found;
}

function keyArnOf(id: string) {
  return { 'Fn::GetAtt': [keyNamed(id)[0], 'Arn'] };
}
