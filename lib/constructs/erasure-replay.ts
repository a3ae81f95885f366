import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Result,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ReplayInput } from '../../functions/core/erasure/steps.ts';
import { ERASURE_REPLAY_MACHINE } from '../names.ts';
import { Workflow } from './workflow.ts';
import { workflowStep } from './workflow-step.ts';

interface ErasureReplayProps {
  readonly erasure: IFunction;
  readonly logRetention: RetentionDays;
}

/**
 * Erases again whoever a restored table has brought back: input
 * `{ table?, keysTable?, since? }` or `{ directoryTable, since? }`, names of restored copies and a time
 * in ISO 8601.
 */
export class ErasureReplay extends Construct {
  constructor(scope: Construct, id: string, { erasure, logRetention }: ErasureReplayProps) {
    super(scope, id);
    new Workflow(this, 'Workflow', {
      name: ERASURE_REPLAY_MACHINE,
      comment: 'Erases again whoever a restored table has brought back',
      definition: this.#definition(erasure),
      functions: [erasure],
      timeout: Duration.days(7),
      logRetention,
    });
  }

  #definition(erasure: IFunction): IChainable {
    // Its input is the state's: what was asked for, and how far it has come.
    const replay = workflowStep(this, 'Replay', {
      by: erasure,
      resultPath: '$.answer',
      isUrgent: true,
    });
    const goOn = new Pass(this, 'GoOn', {
      inputPath: '$.answer.position',
      resultPath: '$.position',
    });
    const isDone = new Choice(this, 'IsDone')
      .when(Condition.stringEquals('$.answer.outcome', 'more'), goOn.next(replay))
      .otherwise(new Succeed(this, 'Replayed', { outputPath: '$.answer.position' }));
    const step: ReplayInput['step'] = 'replay';
    return new Pass(this, 'Begin', { result: Result.fromString(step), resultPath: '$.step' })
      .next(replay)
      .next(isDone);
  }
}
