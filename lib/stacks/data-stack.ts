import { CustomResource, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import type { Cell, Topology } from '../config.ts';
import { ArchiveBucket } from '../constructs/archive-bucket.ts';
import { createExportBucket } from '../constructs/export-bucket.ts';
import { itemAccess } from '../constructs/item-access.ts';
import { wrapCellKeyring } from '../constructs/key-access.ts';
import { SurfaceFunction } from '../constructs/surface-function.ts';
import { createTableKey } from '../constructs/table-key.ts';
import { dataTableName, keyTableName, recordsTableName } from '../names.ts';
import { type DataParameters, declareDataParameters, logRetention } from '../parameters.ts';

interface DataStackProps extends StackProps {
  readonly cell: Cell;
  readonly topology: Topology;
}

/** What the cell's residents own: nothing here is replicated, nothing here goes with a stack. */
export class DataStack extends Stack {
  /** Wraps the cell's own keyring. */
  readonly cellKeyArn: string;
  /** Of the data table: every write to it. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const parameters = declareDataParameters(this);
    const data = new Table(this, 'Data', {
      tableName: dataTableName(props.cell),
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: 35,
      },
      encryptionKey: createTableKey(this, 'DataKey', 'the data table'),
      ...STATEFUL,
    });
    // The key per person lives here alone. One day undoes an operator's mistake; after it, an
    // erased person's attributes are unreadable in every copy. So: no stream, no other backup.
    new Table(this, 'Keys', {
      tableName: keyTableName(props.cell),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: 1,
      },
      encryptionKey: createTableKey(this, 'KeysKey', 'the key table'),
      ...STATEFUL,
    });
    this.#createRecords(props.cell);
    createExportBucket(this, 'Exports', props.cell);
    new ArchiveBucket(this, 'Archive', { cell: props.cell, parameters });
    this.cellKeyArn = this.#createCellKey().keyArn;
    this.streamArn = requireStream(data);
    this.#provision(props, { data, parameters });
  }

  /**
   * What is proved and outlives the person: ids, times and signatures. So it stands apart from what
   * erasure empties, and nothing streams it on.
   */
  #createRecords(cell: Cell): void {
    new Table(this, 'Records', {
      tableName: recordsTableName(cell),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: 35,
      },
      encryptionKey: createTableKey(this, 'RecordsKey', 'the records table'),
      ...STATEFUL,
    });
  }

  /** Creates the cell's own keyring, once; later deployments find it. */
  #provision(
    { cell, topology }: DataStackProps,
    { data, parameters }: { readonly data: Table; readonly parameters: DataParameters },
  ): void {
    const provision = new SurfaceFunction(this, 'Provision', {
      surface: 'provision-cell',
      topology,
      memoryMiB: 512,
      timeout: Duration.minutes(1),
      logRetention: logRetention(parameters),
      environment: {
        [ENVIRONMENT.cell]: cell.name,
        [ENVIRONMENT.dataTable]: dataTableName(cell),
        [ENVIRONMENT.cellKeyArn]: this.cellKeyArn,
      },
      statements: [
        itemAccess(this, {
          sid: 'CreateKeyring',
          table: dataTableName(cell),
          keys: 'CELL-KEYRING',
          actions: ['GetItem', 'PutItem'],
        }),
        wrapCellKeyring(this.cellKeyArn, cell),
      ],
    });
    const provisioned = new CustomResource(this, 'Provisioned', {
      resourceType: 'Custom::ProvisionCell',
      serviceToken: provision.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: { cell: cell.name, cellKeyArn: this.cellKeyArn },
    });
    provisioned.node.addDependency(data);
  }

  /** Single-Region on purpose: what it wraps opens in this region or nowhere. */
  #createCellKey(): Key {
    return new Key(this, 'CellKey', {
      description: 'Domicile wraps the keyring that this cell alone can open',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

function requireStream({ tableStreamArn }: Table): string {
  if (tableStreamArn === undefined) throw new Error('the data table has no stream');
  return tableStreamArn;
}

const STATEFUL = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.CUSTOMER_MANAGED,
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;
