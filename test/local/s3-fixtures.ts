import { S3Client } from '@aws-sdk/client-s3';
import { createCallLog } from '../../local/gateway/call-log.ts';
import { type Credentials, createCredentialRegistry } from '../../local/gateway/credentials.ts';
import { createFaults, type Faults } from '../../local/gateway/faults.ts';
import { startGateway } from '../../local/gateway/gateway.ts';
import { NO_LATENCY } from '../../local/gateway/latency.ts';
import { createAuthorizer, type IamAuthorizer } from '../../local/iam/authorizer.ts';
import { OPERATOR_ROLE_ARN } from '../../local/iam/principals.ts';
import { createKmsService } from '../../local/kms/service.ts';
import { type KeyVault, openKeyVault } from '../../local/kms/vault.ts';
import { S3_PROTOCOL } from '../../local/s3/protocol.ts';
import { createS3Service, type S3Service } from '../../local/s3/service.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { CallRecord, Principal, TemplateResource } from '../../local/types.ts';
import { type MovableClock, movableClock } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';
import { stackOf } from './template-fixtures.ts';

export const ELSEWHERE = 'us-east-1';
/** Every feature has a bucket that shows it. */
export const BUCKETS = {
  plain: 'plain-bucket',
  sealed: 'sealed-bucket',
  locked: 'locked-bucket',
  elsewhere: 'elsewhere-bucket',
} as const;

const KEY_ARN = { 'Fn::GetAtt': ['Key', 'Arn'] };

const RESOURCES: Readonly<Record<string, TemplateResource>> = {
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Plain: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: BUCKETS.plain,
      LifecycleConfiguration: {
        Rules: [
          { Id: 'a', Status: 'Enabled', Prefix: 'brief/', ExpirationInDays: 2 },
          { Id: 'b', Status: 'Disabled', Prefix: 'kept/', ExpirationInDays: 1 },
          {
            Id: 'c',
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    },
  },
  Sealed: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: BUCKETS.sealed,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN },
          },
        ],
      },
    },
  },
  SealedPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Sealed' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${BUCKETS.sealed}/*`,
            Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
          },
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: `arn:aws:s3:::${BUCKETS.sealed}`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  Locked: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: BUCKETS.locked,
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'noncurrent',
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            ExpiredObjectDeleteMarker: true,
          },
        ],
      },
    },
  },
};

export interface TestS3 {
  readonly service: S3Service;
  readonly vault: KeyVault;
  readonly clock: MovableClock;
  readonly faults: Faults;
  readonly url: string;
  readonly authorizer: IamAuthorizer;
  calls(): ReadonlyArray<CallRecord>;
  /** The operator, unless a role is named. */
  client(role?: string, region?: string): S3Client;
  credentials(role?: string): Credentials;
  revoke(accessKeyId: string): void;
  close(): Promise<void>;
}

/** S3 behind the gateway, with what roles of these statements may do. */
export async function openS3(
  roles: Readonly<Record<string, ReadonlyArray<object>>> = {},
  dataDirectory?: string,
): Promise<TestS3> {
  const deployment = deploy([
    stackOf({ Resources: { ...RESOURCES, ...rolesOf(roles) } }),
    stackOf(
      {
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKETS.elsewhere } },
        },
      },
      { name: 'Elsewhere', region: ELSEWHERE },
    ),
  ]);
  const clock = movableClock();
  const vault = await openKeyVault({
    account: ACCOUNT,
    resources: deployment.byType('AWS::KMS::Key'),
    clock,
    ...(dataDirectory !== undefined && { dataDirectory: `${dataDirectory}/kms` }),
  });
  const open = (region: string) =>
    createS3Service({
      region,
      account: ACCOUNT,
      buckets: deployment.byType('AWS::S3::Bucket'),
      clock,
      keys: vault.inRegion(region),
      ...(dataDirectory !== undefined && { dataDirectory: `${dataDirectory}/s3/${region}` }),
    });
  const services = new Map([
    [REGION, await open(REGION)],
    [ELSEWHERE, await open(ELSEWHERE)],
  ]);
  const service = services.get(REGION);
  if (service === undefined) throw new Error('no service');
  const registry = createCredentialRegistry();
  const faults = createFaults();
  const callLog = createCallLog(clock.nowMs);
  const authorizer = createAuthorizer(deployment);
  const gateway = await startGateway({
    find: (name, region) => {
      const found = services.get(region);
      return name !== 's3' || found === undefined
        ? undefined
        : { service: found, protocol: S3_PROTOCOL };
    },
    credentials: registry,
    authorizer,
    faults,
    callLog,
    latency: NO_LATENCY,
    onDenied: () => undefined,
    residency: { primaryRegion: REGION },
    failureOf: () => undefined,
    nowMs: clock.nowMs,
  });
  const issued = new Map<string, Credentials>();
  const credentials = (role = 'operator') => {
    const known = issued.get(role) ?? registry.issue(principalOf(role));
    issued.set(role, known);
    return known;
  };
  const clients: Array<S3Client> = [];
  return {
    service,
    vault,
    clock,
    faults,
    authorizer,
    url: gateway.url,
    calls: () => callLog.since(0),
    credentials,
    revoke: registry.revoke,
    client: (role, region = REGION) => {
      const client = new S3Client({
        endpoint: gateway.url,
        region,
        maxAttempts: 1,
        credentials: credentials(role),
        // Presigning dates a URL by the clock that it is judged by.
        systemClockOffset: clock.nowMs() - Date.now(),
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await gateway.close();
    },
  };
}

/** KMS of the bucket's region, for tests that disable its key. */
export function kmsOf({ vault }: TestS3) {
  return createKmsService(vault, REGION);
}

function principalOf(role: string): Principal {
  if (role === 'operator') return { roleArn: OPERATOR_ROLE_ARN, name: role };
  return { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, name: role, region: REGION };
}

function rolesOf(
  roles: Readonly<Record<string, ReadonlyArray<object>>>,
): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(
    Object.entries(roles).map(([name, Statement]) => [
      `Role${name}`,
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: name,
          Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement } }],
        },
      },
    ]),
  );
}
