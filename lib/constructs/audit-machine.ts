import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { AUDIT_MACHINE } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { sealAuditTrail } from './audit-access.ts';
import { signEvidence } from './evidence-access.ts';
import { createPrivacyTask, type PrivacyContext } from './privacy-task.ts';
import { Workflow } from './workflow.ts';
import { workflowStep } from './workflow-step.ts';

/** Whoever catches up with a month of hours is done within minutes. */
const LONGEST_RUN = Duration.days(2);

/** 45 minutes after an hour's end > SEAL_AFTER_SECONDS of `core/audit/hours.ts`. */
const SEALING_MINUTE = '45';

/**
 * Seals each hour of the audit trail, archives it if the operator wants that, and answers their
 * questions (ADR 0025). No state catches errors: a redrive goes on where a run failed, and the next
 * run catches up anyway.
 */
export class AuditMachine extends Construct {
  readonly #function: IFunction;

  constructor(scope: Construct, id: string, context: PrivacyContext) {
    super(scope, id);
    this.#function = createPrivacyTask(this, context, {
      surface: 'audit',
      statements: [...sealAuditTrail(this, context.cell), ...signEvidence(this)],
      environment: { [ENVIRONMENT.archiveBucket]: context.archiveBucket },
      // However large an hour is: a page of 1 MB, and a part of the archive's file.
      memoryMiB: 256,
      timeout: Duration.minutes(5),
    }).function;
    const { stateMachine } = new Workflow(this, 'Workflow', {
      name: AUDIT_MACHINE,
      comment: 'Seals the audit trail, hour by hour',
      definition: this.#definition(),
      functions: [this.#function],
      timeout: LONGEST_RUN,
      logRetention: logRetention(context.parameters),
    });
    new Rule(this, 'Schedule', {
      ruleName: AUDIT_MACHINE,
      description: 'Seals the hour before the last quarter of each hour',
      schedule: Schedule.cron({ minute: SEALING_MINUTE }),
      targets: [new SfnStateMachine(stateMachine, { input: RuleTargetInput.fromObject({}) })],
    });
  }

  /** As many hours as are due, the oldest first; then as many as are not archived. */
  #definition(): IChainable {
    return this.#whileDone(
      'Seal',
      'seal',
      this.#whileDone('Archive', 'archive', new Succeed(this, 'Sealed')),
    );
  }

  #whileDone(id: string, step: 'seal' | 'archive', next: IChainable): IChainable {
    const task = workflowStep(this, id, { by: this.#function, payload: { step }, isUrgent: true });
    return task.next(
      new Choice(this, `${id}More`)
        .when(Condition.stringEquals('$.outcome', 'done'), task)
        .otherwise(next),
    );
  }
}
