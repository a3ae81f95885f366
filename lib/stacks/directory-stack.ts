import {
  ArnFormat,
  Aws,
  CustomResource,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { otherCells, type Topology } from '../config.ts';
import { recordEvidenceKey } from '../constructs/evidence-access.ts';
import { itemAccess } from '../constructs/item-access.ts';
import { wrapSharedKeyring } from '../constructs/key-access.ts';
import {
  endSigningKeys,
  MAKING_ABROAD,
  makeKeys,
  ROTATING_ABROAD,
} from '../constructs/key-making.ts';
import { KeyRotation } from '../constructs/key-rotation.ts';
import { createEvidenceKey, createKeyringKey } from '../constructs/shared-keys.ts';
import { SurfaceFunction } from '../constructs/surface-function.ts';
import { createTableKey } from '../constructs/table-key.ts';
import { DIRECTORY_KEY_ALIAS, DIRECTORY_TABLE } from '../names.ts';
import {
  type DirectoryParameters,
  declareDirectoryParameters,
  logRetention,
} from '../parameters.ts';
import { regionEnvironment, regionOf } from '../topology-environment.ts';

interface DirectoryStackProps extends StackProps {
  readonly topology: Topology;
}

/**
 * What all cells share: the directory table, the keyring and, made at run time, the signing keys.
 * Primary region.
 */
export class DirectoryStack extends Stack {
  /** Of the directory in this region: every write to it, those that replicas took among them. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: DirectoryStackProps) {
    super(scope, id, props);
    const { topology } = props;
    const parameters = declareDirectoryParameters(this);
    const table = this.#createTable(topology);
    this.streamArn = table.attrStreamArn;
    const keys = { keyring: createKeyringKey(this), evidence: createEvidenceKey(this) };
    this.#provision(table, keys, { topology, parameters });
    this.#rotate({ topology, parameters });
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

  /** Creates keyring and signing keys, once, and replicates them to every cell that joins. */
  #provision(
    table: CfnGlobalTable,
    { keyring, evidence }: Readonly<Record<'keyring' | 'evidence', Key>>,
    { topology, parameters }: KeyMaker,
  ): void {
    const provision = new SurfaceFunction(this, 'Provision', {
      surface: 'provision',
      topology,
      abroad: MAKING_ABROAD,
      memoryMiB: 512,
      timeout: Duration.minutes(1),
      logRetention: logRetention(parameters),
      environment: {
        [ENVIRONMENT.directoryTable]: DIRECTORY_TABLE,
        ...regionEnvironment(topology),
        [ENVIRONMENT.keyringKeyArn]: keyring.keyArn,
        [ENVIRONMENT.evidenceKeyArn]: evidence.keyArn,
      },
      statements: [
        itemAccess(this, {
          sid: 'CreateKeyring',
          table: DIRECTORY_TABLE,
          keys: 'KEYRING',
          actions: ['GetItem', 'PutItem'],
        }),
        writeSigningKeys(this),
        wrapSharedKeyring(keyring.keyArn),
        ...recordEvidenceKey(this, evidence.keyArn),
        ...makeKeys(this, topology, ['signing', 'keyring', 'evidence']),
      ],
    });
    const provisioned = new CustomResource(this, 'Provisioned', {
      resourceType: 'Custom::Provision',
      serviceToken: provision.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      // A change runs the function again: a new cell gets its replicas.
      properties: {
        keyring: keyring.keyArn,
        evidence: evidence.keyArn,
        ...regionEnvironment(topology),
      },
    });
    provisioned.node.addDependency(table);
  }

  /** KMS rotates no asymmetric key: a workflow makes new ones and ends the old ones. */
  #rotate({ topology, parameters }: KeyMaker): void {
    const rotation = new SurfaceFunction(this, 'Rotation', {
      surface: 'rotation',
      topology,
      abroad: ROTATING_ABROAD,
      memoryMiB: 512,
      timeout: Duration.minutes(1),
      logRetention: logRetention(parameters),
      environment: {
        [ENVIRONMENT.directoryTable]: DIRECTORY_TABLE,
        ...regionEnvironment(topology),
        [ENVIRONMENT.signingKeyPublishHours]:
          parameters.get('signingKeyPublishHours').valueAsString,
        [ENVIRONMENT.signingKeyRetireHours]: parameters.get('signingKeyRetireHours').valueAsString,
      },
      statements: [
        writeSigningKeys(this),
        ...makeKeys(this, topology, ['signing']),
        ...endSigningKeys(this, topology),
      ],
    });
    new KeyRotation(this, 'KeyRotation', {
      rotationFunction: rotation.function,
      rotationDays: parameters.get('signingKeyRotationDays').valueAsString,
      logRetention: logRetention(parameters),
    });
  }
}

/** What making keys takes. */
interface KeyMaker {
  readonly topology: Topology;
  readonly parameters: DirectoryParameters;
}

/** The published keys, and the record of the rotation that moves them. */
function writeSigningKeys(scope: Construct): PolicyStatement {
  return itemAccess(scope, {
    sid: 'WriteSigningKeys',
    table: DIRECTORY_TABLE,
    keys: 'SIGNING-KEYS',
    actions: ['Query', 'ConditionCheckItem', 'PutItem', 'UpdateItem'],
  });
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
