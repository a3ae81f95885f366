import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { createTableKey } from '../constructs/table-key.ts';
import { dataTableName, keyTableName } from '../names.ts';

interface DataStackProps extends StackProps {
  readonly cell: Cell;
}

/** What the cell's residents own: nothing here is replicated, nothing here goes with a stack. */
export class DataStack extends Stack {
  /** Wraps the cell's own keyring. */
  readonly cellKeyArn: string;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    new Table(this, 'Data', {
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
