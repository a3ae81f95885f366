import { Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JitterType,
  JsonPath,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { ExportOutput, ExportStep } from '../../functions/core/exports/steps.ts';
import { DIRECTORY_TABLE, dataTableName, EXPORT_MACHINE, recordsTableName } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { readDataKeys } from './account-access.ts';
import { readAuditTrail } from './audit-access.ts';
import { answerTasks } from './erasure-asking-access.ts';
import { tellProcessors } from './erasure-processors.ts';
import { listExportFiles, useExportFiles } from './export-access.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import { createPrivacyTask, type PrivacyContext } from './privacy-task.ts';
import { takeSlots } from './slot-access.ts';
import { Workflow } from './workflow.ts';

/** Longer than a turn is waited for, processors may take and links live, together. */
const LONGEST_RUN = Duration.days(90);

/** The workflow is started first: by then, as a rule, its request is there. */
const REQUEST_WRITTEN = Duration.seconds(2);

/** Longer than whoever asks may live: what is not written by then never will be. */
const LAST_CHANCE = Duration.seconds(30);

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
      statements: this.#statements(context),
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
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: this.#function,
      payload: TaskInput.fromObject({ step, requestId: JsonPath.stringAt('$.requestId') }),
      payloadResponseOnly: true,
      resultPath,
      // Longer than the function's own timeout.
      taskTimeout: Timeout.duration(Duration.minutes(6)),
      retryOnServiceExceptions: false,
    });
    task.addRetry({
      errors: ['States.ALL'],
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 6,
      maxDelay: Duration.minutes(2),
      jitterStrategy: JitterType.FULL,
    });
    return task;
  }

  #statements(context: PrivacyContext): ReadonlyArray<PolicyStatement> {
    const { cell, parameters, busArn } = context;
    return [
      ...this.#tables(context),
      ...useSharedKeyring(this),
      ...useCellKeyring(this, context),
      useExportFiles(this, cell, {
        sid: 'WriteExportFiles',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      }),
      listExportFiles(this, cell),
      new PolicyStatement({
        sid: 'AskProcessors',
        effect: Effect.ALLOW,
        actions: ['events:PutEvents'],
        resources: [busArn],
        conditions: { StringEquals: { 'events:detail-type': 'ExportRequested' } },
      }),
      answerTasks(this, [EXPORT_MACHINE]),
      sendMail(this, parameters.get('fromAddress').valueAsString),
    ];
  }

  #tables({ cell }: PrivacyContext): ReadonlyArray<PolicyStatement> {
    return [
      itemAccess(this, {
        sid: 'ReadPeople',
        table: dataTableName(cell),
        keys: 'USER#*',
        // Written: acts, and that no export is under way any more.
        actions: [
          ...(['GetItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'] as const),
          ...(['PutItem', 'DeleteItem'] as const),
        ],
      }),
      readDataKeys(this, cell, ['GetItem', 'BatchGetItem']),
      itemAccess(this, {
        sid: 'MoveRequests',
        table: recordsTableName(cell),
        keys: 'REQUEST#*',
        // Processors stand beside their request.
        actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      }),
      itemAccess(this, {
        sid: 'ListRequests',
        table: recordsTableName(cell),
        keys: 'REQUESTS-OF#*',
        actions: ['Query'],
      }),
      readAuditTrail(this, cell),
      takeSlots(this, cell, 'export'),
      itemAccess(this, {
        sid: 'NameApps',
        table: DIRECTORY_TABLE,
        keys: 'CLIENT#*',
        actions: ['GetItem'],
      }),
      itemAccess(this, {
        sid: 'ReadDirectoryEntries',
        table: DIRECTORY_TABLE,
        keys: 'IDENTIFIER#*',
        actions: ['BatchGetItem'],
      }),
    ];
  }
}

function isOutcome(outcome: ExportOutput['outcome'], path = '$.last'): Condition {
  return Condition.stringEquals(`${path}.outcome`, outcome);
}
