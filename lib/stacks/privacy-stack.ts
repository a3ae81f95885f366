import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { archiveBucketIf } from '../constructs/archive-bucket.ts';
import { AuditMachine } from '../constructs/audit-machine.ts';
import { ErasureMachine } from '../constructs/erasure-machine.ts';
import { EventConsumer } from '../constructs/event-consumer.ts';
import { ExportMachine } from '../constructs/export-machine.ts';
import type { PrivacyContext } from '../constructs/privacy-task.ts';
import { PRIVACY_BUS } from '../names.ts';
import { declarePrivacyParameters } from '../parameters.ts';

interface PrivacyStackProps
  extends StackProps,
    Omit<PrivacyContext, 'parameters' | 'archiveBucket' | 'busArn'> {}

/** The cell's workflows for people's rights, and its audit trail. Holds no state. */
export class PrivacyStack extends Stack {
  constructor(scope: Construct, id: string, props: PrivacyStackProps) {
    super(scope, id, props);
    // An export that is in use cannot change, and the operator may change where cells are found.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const parameters = declarePrivacyParameters(this);
    const context: PrivacyContext = {
      ...props,
      parameters,
      archiveBucket: archiveBucketIf(this, parameters, props.cell),
      busArn: this.#createBus().eventBusArn,
    };
    new ErasureMachine(this, 'Erasure', context);
    new ExportMachine(this, 'Export', context);
    new EventConsumer(this, 'Events', context);
    new AuditMachine(this, 'Audit', context);
  }

  /** Processors are told here; operators attach rules of their own. Ids alone travel on it. */
  #createBus(): EventBus {
    return new EventBus(this, 'Bus', {
      eventBusName: PRIVACY_BUS,
      description: 'Domicile tells processors of exports and erasures',
    });
  }
}
