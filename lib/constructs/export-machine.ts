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
import type { ExportOutput, ExportStep } from '../../functions/core/exports/steps.ts';
import { EXPORT_MACHINE } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { exportStatements } from './export-access.ts';
import { createPrivacyTask, type PrivacyContext } from './privacy-task.ts';
import { tellProcessors } from './processor-turns.ts';
import { Workflow } from './workflow.ts';
import { workflowStep } from './workflow-step.ts';

/** Longer than a turn is waited for, processors may take and links live, together. */
const LONGEST_RUN = Duration.days(90);

/** The workflow is started first: by then, as a rule, its request is there. */
const REQUEST_WRITTEN = Duration.seconds(2);

/** Longer than whoever asks may live: what is not written by then never will be. */
const LAST_CHANCE = Duration.seconds(30);

/** For some minutes: somebody waits for their data. */
const PATIENCE = { maxAttempts: 6, maxDelay: Duration.minutes(2) };

/**
 * Collects everything that is held on a person, hands it to them for some days, and deletes it
 * (ADR 0021). No state catches errors to reach a `Fail` state: a redrive begins where it failed.
 */
export class ExportMachine extends Construct {
  readonly #function: IFunction;

  constructor(scope: Construct, id: string, context: PrivacyContext) {
    super(scope, id);
    this.#function = createPrivacyTask(this, context, {
      surface: 'export',
      statements: exportStatements(this, context),
      // A page of 1 MB, what becomes of it, and a part of each file.
      memoryMiB: 256,
      timeout: Duration.minutes(5),
      needsPrivacyPolicy: true,
    }).function;
    new Workflow(this, 'Workflow', {
      name: EXPORT_MACHINE,
      comment: 'Exports what is held on a person',
      definition: this.#definition(),
      functions: [this.#function],
      timeout: LONGEST_RUN,
      logRetention: logRetention(context.parameters),
    });
  }

  #definition(): IChainable {
    const expire = this.#step('Expire', 'expire').next(new Succeed(this, 'Ended'));
    const notify = this.#step('Notify', 'notify')
      .next(new Wait(this, 'WaitExpiry', { time: WaitTime.timestampPath('$.ready.until') }))
      .next(expire);
    const assemble = this.#step('Assemble', 'assemble', '$.ready').next(
      new Choice(this, 'IsReady').when(isOutcome('ready', '$.ready'), notify).otherwise(expire),
    );
    const answers = this.#whileMore('CollectAnswers', 'collect-answers', assemble, expire);
    // The turn is given back first: processors may take days.
    const release = this.#step('ReleaseSlot', 'release-slot')
      .next(this.#step('ListProcessors', 'list-processors', '$.answer'))
      .next(tellProcessors(this, this.#function))
      .next(answers);
    const elsewhere = this.#whileMore('CollectElsewhere', 'collect-elsewhere', release, expire);
    const collect = this.#whileMore('Collect', 'collect', elsewhere, expire);
    return this.#begin(this.#admit(collect, expire), expire);
  }

  /** The workflow is started first, so that no request is left without one. */
  #begin(next: IChainable, expire: IChainable): IChainable {
    const again = this.#step('BeginLate', 'begin', '$.last').next(
      new Choice(this, 'IsWritten')
        .when(isOutcome('done'), next)
        .when(isOutcome('gone'), expire)
        .otherwise(new Succeed(this, 'NeverAsked')),
    );
    const first = new Wait(this, 'LetItBeWritten', { time: WaitTime.duration(REQUEST_WRITTEN) });
    const begin = this.#step('Begin', 'begin', '$.last').next(
      new Choice(this, 'HasBegun')
        .when(isOutcome('done'), next)
        .when(isOutcome('gone'), expire)
        .otherwise(
          new Wait(this, 'WaitForRequest', { time: WaitTime.duration(LAST_CHANCE) }).next(again),
        ),
    );
    return first.next(begin);
  }

  #admit(next: IChainable, expire: IChainable): IChainable {
    const admit = this.#step('Admit', 'admit', '$.last');
    const wait = new Wait(this, 'WaitForTurn', {
      time: WaitTime.secondsPath('$.last.waitSeconds'),
    });
    return admit.next(
      new Choice(this, 'IsAdmitted')
        .when(isOutcome('pending'), wait.next(admit))
        .when(isOutcome('gone'), expire)
        .otherwise(next),
    );
  }

  /** A state that is repeated, some pages at a time, until there are none left. */
  #whileMore(id: string, step: ExportStep, next: IChainable, expire: IChainable): IChainable {
    const task = this.#step(id, step, '$.last');
    return task.next(
      new Choice(this, `${id}More`)
        .when(isOutcome('more'), task)
        .when(isOutcome('gone'), expire)
        .otherwise(next),
    );
  }

  /** Each may be repeated: the function finds what an attempt before has done. */
  #step(id: string, step: ExportStep, resultPath: string = JsonPath.DISCARD): LambdaInvoke {
    return workflowStep(this, id, {
      by: this.#function,
      payload: { step, requestId: JsonPath.stringAt('$.requestId') },
      resultPath,
      patience: PATIENCE,
    });
  }
}

function isOutcome(outcome: ExportOutput['outcome'], path = '$.last'): Condition {
  return Condition.stringEquals(`${path}.outcome`, outcome);
}
