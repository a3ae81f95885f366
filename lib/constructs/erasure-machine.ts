import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { ErasureStep } from '../../functions/core/erasure/steps.ts';
import { ERASURE_MACHINE } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { directoryAbroad, directoryCopiesAbroad } from './directory-access.ts';
import { erasureStatements } from './erasure-access.ts';
import { ErasureReplay } from './erasure-replay.ts';
import { createPrivacyTask, type PrivacyContext } from './privacy-task.ts';
import { tellProcessors } from './processor-turns.ts';
import { Workflow } from './workflow.ts';
import { workflowStep } from './workflow-step.ts';

/** Standard executions take no more; `endOfRun` comes before. */
const LONGEST_RUN = Duration.days(365);

/**
 * From the request for an erasure to the release of the address (ADR 0022). A run that fails stays
 * at its state and is redriven from there: no state catches errors (ADR 0017).
 */
export class ErasureMachine extends Construct {
  readonly #function: IFunction;
  /** Where a run ends that would be longer than a run can be. */
  readonly #another: IChainable;

  constructor(scope: Construct, id: string, context: PrivacyContext) {
    super(scope, id);
    const task = createPrivacyTask(this, context, {
      surface: 'erasure',
      statements: erasureStatements(this, context),
      abroad: {
        resources: [...directoryAbroad(this, context), ...directoryCopiesAbroad(this, context)],
      },
      memoryMiB: 256,
      // What a state does at a time is bounded to a fraction of it.
      timeout: Duration.minutes(5),
      needsPrivacyPolicy: true,
    });
    this.#function = task.function;
    this.#another = this.#step('StartAnother', 'continue').next(new Succeed(this, 'Continued'));
    const retention = logRetention(context.parameters);
    new Workflow(this, 'Workflow', {
      name: ERASURE_MACHINE,
      comment: 'Erases a person, and proves it',
      definition: this.#definition(),
      functions: [task.function],
      timeout: LONGEST_RUN,
      logRetention: retention,
    });
    new ErasureReplay(this, 'Replay', { erasure: task.function, logRetention: retention });
  }

  #definition(): IChainable {
    const begin = this.#step('Begin', 'begin');
    return begin.next(
      new Choice(this, 'IsAsked')
        .when(outcome('waiting'), this.#waitUntil('WaitRequest').next(begin))
        .when(outcome('unasked'), new Succeed(this, 'NothingAsked'))
        .when(outcome('undone'), new Succeed(this, 'UndoneAtOnce'))
        .otherwise(this.#grace()),
    );
  }

  /** Until then the person can stay; a hold keeps them for as long as it stands. */
  #grace(): IChainable {
    const waitGrace = this.#waitUntil('WaitGrace');
    const commit = this.#step('Commit', 'commit');
    const committed = new Choice(this, 'IsCommitted')
      .when(outcome('waiting'), waitGrace)
      .when(outcome('undone'), new Succeed(this, 'Undone'))
      .when(outcome('held'), this.#waitUntil('WaitHold').next(commit))
      .when(outcome('overlong'), this.#another)
      .otherwise(this.#waitUntil('WaitCodes').next(this.#turn()));
    return waitGrace.next(commit).next(committed);
  }

  /** When nothing can write into the account any more, and a slot is free. */
  #turn(): IChainable {
    const admit = this.#step('Admit', 'admit');
    return admit.next(
      new Choice(this, 'IsAdmitted')
        .when(outcome('full'), this.#waitUntil('WaitSlot').next(admit))
        .otherwise(this.#deletion()),
    );
  }

  #deletion(): IChainable {
    const deleteItems = this.#step('DeleteItems', 'delete-items');
    const deleted = new Choice(this, 'AreItemsDeleted')
      .when(outcome('more'), deleteItems)
      .otherwise(
        this.#step('ReleaseSlot', 'release-slot')
          .next(this.#step('Quarantine', 'quarantine'))
          .next(this.#step('ListProcessors', 'list-processors'))
          .next(tellProcessors(this, this.#function))
          .next(this.#step('Certify', 'certify'))
          .next(this.#step('Notify', 'notify'))
          .next(this.#release()),
      );
    return this.#step('Record', 'record')
      .next(this.#step('Prepare', 'prepare'))
      .next(this.#step('DestroyKey', 'destroy-key'))
      .next(this.#step('CountItems', 'count-items'))
      .next(deleteItems)
      .next(deleted);
  }

  /** The address becomes anybody's. */
  #release(): IChainable {
    const wait = this.#waitUntil('WaitQuarantine');
    const release = this.#step('ReleaseIdentifier', 'release-identifier');
    return this.#step('AwaitQuarantine', 'await-quarantine')
      .next(wait)
      .next(release)
      .next(
        new Choice(this, 'IsReleased')
          .when(outcome('waiting'), wait)
          .when(outcome('overlong'), this.#another)
          .otherwise(new Succeed(this, 'Erased')),
      );
  }

  /** What the function answers stands beside the request's id, as `answer`. */
  #step(id: string, step: ErasureStep): LambdaInvoke {
    return workflowStep(this, id, {
      by: this.#function,
      payload: {
        step,
        requestId: JsonPath.stringAt('$.requestId'),
        execution: JsonPath.stringAt('$$.Execution.Name'),
        startedAt: JsonPath.stringAt('$$.Execution.StartTime'),
      },
      resultPath: '$.answer',
    });
  }

  #waitUntil(id: string): Wait {
    return new Wait(this, id, { time: WaitTime.timestampPath('$.answer.until') });
  }
}

/** Of the step before. */
function outcome(name: string): Condition {
  return Condition.stringEquals('$.answer.outcome', name);
}
