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
import { itemAccess } from '../constructs/item-access.ts';
import { wrapCellKeyring } from '../constructs/key-access.ts';
import { SurfaceFunction } from '../constructs/surface-function.ts';
import { createTableKey } from '../constructs/table-key.ts';
import { dataTableName, keyTableName } from '../names.ts';
import { declareDataParameters, logRetention } from '../parameters.ts';

interface DataStackProps extends StackProps {
  readonly cell: Cell;
  readonly topology: Topology;
}

/** What the cell's residents own: nothing here is replicated, nothing here goes with a stack. */
export class DataStack extends Stack {
  /** Wraps the cell's own keyring. */
  readonly cellKeyArn: string;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
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
    this.cellKeyArn = this.#createCellKey().keyArn;
    this.#provision(props, data);
  }

  /** Creates the cell's own keyring, once; later deployments find it. */
  #provision({ cell, topology }: DataStackProps, data: Table): void {
    const provision = new SurfaceFunction(this, 'Provision', {
      surface: 'provision-cell',
      topology,
      memoryMiB: 512,
      timeout: Duration.minutes(1),
      logRetention: logRetention(declareDataParameters(this)),
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

const STATEFUL = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.CUSTOMER_MANAGED,
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;
