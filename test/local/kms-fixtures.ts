import { KMSClient } from '@aws-sdk/client-kms';
import { createAuthorizer, type IamAuthorizer } from '../../local/iam/authorizer.ts';
import { createKmsService } from '../../local/kms/service.ts';
import { type KeyVault, openKeyVault } from '../../local/kms/vault.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { AwsService, DeployedResource } from '../../local/types.ts';
import { type MovableClock, movableClock } from './dynamodb-fixtures.ts';
import { ACCOUNT, type ServiceEndpoint, serve } from './service-endpoint.ts';
import { stackOf } from './template-fixtures.ts';

export const PRIMARY = 'eu-central-1';
export const REPLICA = 'us-east-1';
const REGIONS = [PRIMARY, REPLICA] as const;
type RegionName = (typeof REGIONS)[number];

export function arnOf(region: string, keyId: string): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:key/${keyId}`;
}

/** A key or an alias, as a stack of the region declares it. */
export function declared(
  region: string,
  id: string,
  properties: Readonly<Record<string, unknown>>,
  type = 'AWS::KMS::Key',
): DeployedResource {
  const attributes: Record<string, string> = type.endsWith('Alias')
    ? {}
    : { Arn: arnOf(region, id) };
  return { stack: 'Keys', region, logicalId: id, type, physicalId: id, attributes, properties };
}

export const KEYRING = 'mrk-keyring';

const RESOURCES: ReadonlyArray<DeployedResource> = [
  declared(PRIMARY, KEYRING, {
    MultiRegion: true,
    Tags: [{ Key: 'domicile:purpose', Value: 'keyring' }],
  }),
  declared(REPLICA, 'table', {}),
  declared(
    REPLICA,
    'alias',
    { AliasName: 'alias/domicile-directory', TargetKeyId: 'table' },
    'AWS::KMS::Alias',
  ),
];

export interface TestKms {
  readonly vault: KeyVault;
  readonly clock: MovableClock;
  client(region: RegionName): KMSClient;
  service(region: RegionName): AwsService;
  close(): Promise<void>;
}

/** KMS of two regions behind SDK clients. */
export async function openKms(
  dataDirectory?: string,
  resources: ReadonlyArray<DeployedResource> = RESOURCES,
  tagDelayMs = 0,
): Promise<TestKms> {
  const clock = movableClock();
  const vault = await openKeyVault({
    account: ACCOUNT,
    resources,
    ...{ clock, tagDelayMs },
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  const open = async (region: string) => {
    const service = createKmsService(vault, region);
    const endpoint: ServiceEndpoint = await serve(service);
    return { service, endpoint, client: new KMSClient({ ...endpoint.client, region }) };
  };
  const places = { [PRIMARY]: await open(PRIMARY), [REPLICA]: await open(REPLICA) };
  return {
    vault,
    clock,
    client: (region) => places[region].client,
    service: (region) => places[region].service,
    async close() {
      for (const { client, endpoint } of Object.values(places)) {
        client.destroy();
        await endpoint.close();
      }
    },
  };
}

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/maker`;

/** The policies of a role `maker`, and of the keys in the vault that no template declares. */
export function authorizerOf(
  vault: KeyVault,
  ...Statement: ReadonlyArray<Readonly<Record<string, unknown>>>
): IamAuthorizer {
  const PolicyDocument = { Version: '2012-10-17', Statement };
  const Resources = {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'maker', Policies: [{ PolicyName: 'keys', PolicyDocument }] },
    },
  };
  return createAuthorizer(deploy([stackOf({ Resources })]), (keyArn) => vault.findMadeKey(keyArn));
}

/** What the local cloud does before it serves a call: every one of the request's permissions. */
export function isAllowed(
  authorizer: IamAuthorizer,
  service: AwsService,
  region: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): boolean {
  const principal = { roleArn: ROLE_ARN, name: 'maker' };
  const request = { service: 'kms', region, operation, principal, headers: {}, input };
  return service
    .authorizations(request)
    .every((query) => authorizer.authorize({ ...query, principal, region }).allowed);
}
