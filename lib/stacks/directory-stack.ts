import {
  ArnFormat,
  Aws,
  CustomResource,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
  Tags,
} from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KEY_TAGS, type KeyPurpose } from '../../functions/adapters/kms/key-tags.ts';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { otherCells, type Topology } from '../config.ts';
import { itemAccess } from '../constructs/item-access.ts';
import {
  readPublicKeys,
  type ServiceKeyArns,
  wrapSharedKeyring,
} from '../constructs/key-access.ts';
import { KEYS_ABROAD, makeKeys } from '../constructs/key-making.ts';
import { SurfaceFunction } from '../constructs/surface-function.ts';
import { createTableKey } from '../constructs/table-key.ts';
import { DIRECTORY_KEY_ALIAS, DIRECTORY_TABLE } from '../names.ts';
import { declareDirectoryParameters, logRetention } from '../parameters.ts';
import { regionEnvironment, regionOf } from '../topology-environment.ts';

interface DirectoryStackProps extends StackProps {
  readonly topology: Topology;
}

/** What all cells share: the directory table, the signing keys, the keyring. Primary region. */
export class DirectoryStack extends Stack {
  readonly keys: ServiceKeyArns;

  constructor(scope: Construct, id: string, props: DirectoryStackProps) {
    super(scope, id, props);
    const table = this.#createTable(props.topology);
    const rs256 = this.#createSigningKey('SigningKeyRs256', KeySpec.RSA_2048);
    const es256 = this.#createSigningKey('SigningKeyEs256', KeySpec.ECC_NIST_P256);
    const keyring = this.#createKeyringKey();
    this.keys = { rs256: rs256.keyArn, es256: es256.keyArn, keyring: keyring.keyArn };
    this.#provision(table, props.topology);
  }

  /** The L1 construct, because TableV2 takes no key of its own unless the region is known. */
  #createTable(topology: Topology): CfnGlobalTable {
    const key = createTableKey(this, 'DirectoryKey', 'the directory table');
    const table = new CfnGlobalTable(this, 'Directory', {
      tableName: DIRECTORY_TABLE,
      attributeDefinitions: [
        { attributeName: 'pk', attributeType: 'S' },
        { attributeName: 'sk', attributeType: 'S' },
      ],
      keySchema: [
        { attributeName: 'pk', keyType: 'HASH' },
        { attributeName: 'sk', keyType: 'RANGE' },
      ],
      billingMode: 'PAY_PER_REQUEST',
      timeToLiveSpecification: { enabled: true, attributeName: 'expiresAt' },
      sseSpecification: { sseEnabled: true, sseType: 'KMS' },
      // Replication reads it. CloudFormation adds none to a table that has replicas already, so a
      // single cell has it too: it costs nothing, and a second cell is one update.
      streamSpecification: { streamViewType: 'NEW_AND_OLD_IMAGES' },
      replicas: [
        replica(Aws.REGION, key.keyArn),
        ...otherCells(topology, topology.primary).map((cell) =>
          replica(regionOf(cell), this.#aliasArn(regionOf(cell))),
        ),
      ],
    });
    table.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return table;
  }

  /** The replica's key, made by the stack DirectoryKey of that region. */
  #aliasArn(region: string): string {
    const resource = DIRECTORY_KEY_ALIAS;
    return this.formatArn({
      service: 'kms',
      region,
      resource,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }

  /** Multi-Region, because KMS cannot make a key so later; replicas in other cells sign alike. */
  #createSigningKey(id: string, keySpec: KeySpec): Key {
    return new Key(this, id, {
      description: `Domicile signs tokens (${keySpec})`,
      keySpec,
      keyUsage: KeyUsage.SIGN_VERIFY,
      multiRegion: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Its replicas are made at run time, so that IAM knows key and replicas by the same tag. */
  #createKeyringKey(): Key {
    const key = new Key(this, 'KeyringKey', {
      description: 'Domicile wraps its keyring',
      enableKeyRotation: true,
      multiRegion: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Tags.of(key).add(KEY_TAGS.purpose, 'keyring' satisfies KeyPurpose);
    return key;
  }

  /** Creates the keyring and publishes the signing keys, once; later deployments find them. */
  #provision(table: CfnGlobalTable, topology: Topology): void {
    const provision = new SurfaceFunction(this, 'Provision', {
      surface: 'provision',
      topology,
      abroad: KEYS_ABROAD,
      memoryMiB: 512,
      timeout: Duration.minutes(1),
      logRetention: logRetention(declareDirectoryParameters(this)),
      environment: {
        [ENVIRONMENT.directoryTable]: DIRECTORY_TABLE,
        ...regionEnvironment(topology),
        [ENVIRONMENT.keyringKeyArn]: this.keys.keyring,
        [ENVIRONMENT.signingKeyArnRs256]: this.keys.rs256,
        [ENVIRONMENT.signingKeyArnEs256]: this.keys.es256,
      },
      statements: [
        itemAccess(this, {
          sid: 'CreateKeyring',
          table: DIRECTORY_TABLE,
          keys: 'KEYRING',
          actions: ['GetItem', 'PutItem'],
        }),
        itemAccess(this, {
          sid: 'PublishSigningKeys',
          table: DIRECTORY_TABLE,
          keys: 'SIGNING-KEYS',
          actions: ['PutItem'],
        }),
        wrapSharedKeyring(this.keys.keyring),
        ...makeKeys(this, topology, ['signing', 'keyring']),
        readPublicKeys(this.keys),
      ],
    });
    const provisioned = new CustomResource(this, 'Provisioned', {
      resourceType: 'Custom::Provision',
      serviceToken: provision.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      // A change runs the function again: a new cell gets its replicas.
      properties: { ...this.keys, ...regionEnvironment(topology) },
    });
    provisioned.node.addDependency(table);
  }
}

function replica(region: string, keyId: string): CfnGlobalTable.ReplicaSpecificationProperty {
  return {
    region,
    sseSpecification: { kmsMasterKeyId: keyId },
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: 35,
    },
    deletionProtectionEnabled: true,
  };
}
