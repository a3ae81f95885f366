import { Duration, Fn } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { RotationMode, RotationStep } from '../../functions/core/key-rotation.ts';
import { failedRuns, Workflow } from './workflow.ts';
import { workflowStep } from './workflow-step.ts';

/** Rotations that failed in this region, which is the primary one, for an alarm. */
export function failedRotations(scope: Construct): IMetric {
  return failedRuns(scope, KEY_ROTATION);
}

export interface KeyRotationProps {
  /** `functions/rotation`: does each step, whichever it is asked for. */
  readonly rotationFunction: IFunction;
  /** Days between scheduled rotations, as the operator set them. */
  readonly rotationDays: string;
  readonly logRetention: RetentionDays;
}

/** Of the state machine and of its schedule. */
export const KEY_ROTATION = 'domicile-key-rotation';

/** Longer than the longest publication and retirement that operators can set, together. */
const LONGEST_RUN = Duration.days(60);

/** For about a minute: keys that are in use sign on meanwhile. */
const PATIENCE = { maxAttempts: 5, maxDelay: Duration.minutes(1) };

/**
 * Signing keys through next → active → retiring → gone, across all cells (ADR 0015). A run that
 * fails stays at its state and is redriven from there: no state catches errors, because a caught one
 * would end in a `Fail` state, and a redrive would begin there.
 */
export class KeyRotation extends Construct {
  readonly #rotationFunction: IFunction;

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    this.#rotationFunction = props.rotationFunction;
    const { stateMachine } = new Workflow(this, 'Workflow', {
      name: KEY_ROTATION,
      comment: 'Rotates the signing keys of all cells',
      definition: this.#definition(),
      functions: [props.rotationFunction],
      timeout: LONGEST_RUN,
      logRetention: props.logRetention,
    });
    new Rule(this, 'Schedule', {
      ruleName: KEY_ROTATION,
      description: 'Rotates the signing keys',
      // At least a week, so the unit is never singular, which EventBridge would insist on.
      schedule: Schedule.expression(Fn.join('', ['rate(', props.rotationDays, ' days)'])),
      targets: [
        new SfnStateMachine(stateMachine, {
          input: RuleTargetInput.fromObject({ mode: 'scheduled' satisfies RotationMode }),
        }),
      ],
    });
  }

  #definition(): IChainable {
    const release = this.#step('Release', 'release').next(new Succeed(this, 'Rotated'));
    const isEmergency = Condition.stringEquals('$.mode', 'emergency');
    const published = new Choice(this, 'IsEmergency')
      .when(isEmergency, this.#atOnce(release))
      .otherwise(this.#gently(release));

    const begun = new Choice(this, 'HasBegun')
      .when(
        Condition.and(Condition.stringEquals('$.begun.outcome', 'already-running'), isEmergency),
        // Not to be taken for a success: whoever started it believes the old keys revoked.
        new Fail(this, 'EmergencyRunning', {
          error: 'EmergencyRunning',
          cause: 'Another emergency is under way: see keys status. Redrive or follow that one.',
        }),
      )
      .when(
        Condition.stringEquals('$.begun.outcome', 'already-running'),
        new Succeed(this, 'AlreadyRunning'),
      )
      .otherwise(
        this.#step('CreateKeys', 'create-keys')
          .next(this.#step('ReplicateKeys', 'replicate-keys'))
          .next(this.#untilReplicated(published)),
      );
    return new Choice(this, 'CheckMode')
      .when(
        Condition.and(
          Condition.isPresent('$.mode'),
          Condition.or(
            Condition.stringEquals('$.mode', 'scheduled'),
            Condition.stringEquals('$.mode', 'on-demand'),
            isEmergency,
          ),
        ),
        this.#step('Begin', 'begin', '$.begun').next(begun),
      )
      .otherwise(
        new Fail(this, 'UnknownMode', {
          error: 'UnknownMode',
          cause: 'The input is {"mode": "scheduled" | "on-demand" | "emergency"}.',
        }),
      );
  }

  /** KMS makes replicas in the background; a key may sign for the world when all cells have it. */
  #untilReplicated(next: IChainable): IChainable {
    return this.#untilDone(this.#step('CheckReplicas', 'check-replicas', '$.replicas'), {
      path: '$.replicas',
      isDone: 'AreReplicated',
      wait: 'WaitForReplicas',
      next,
    });
  }

  /** A step that is repeated, later each time, until the function says that it is done. */
  #untilDone(
    step: LambdaInvoke,
    { path, isDone, wait, next }: Record<'path' | 'isDone' | 'wait', string> & { next: IChainable },
  ): IChainable {
    const pause = new Wait(this, wait, { time: WaitTime.secondsPath(`${path}.waitSeconds`) });
    return step.next(
      new Choice(this, isDone)
        .when(Condition.stringEquals(`${path}.outcome`, 'pending'), pause.next(step))
        .otherwise(next),
    );
  }

  /** Verifiers learn the new key before it signs, and keep the old one until its last token is gone. */
  #gently(release: IChainable): IChainable {
    return this.#step('PublishNext', 'publish-next', '$.published')
      .next(
        new Wait(this, 'WaitPublished', { time: WaitTime.secondsPath('$.published.waitSeconds') }),
      )
      .next(this.#step('Activate', 'activate', '$.activated'))
      .next(
        new Wait(this, 'WaitRetired', { time: WaitTime.secondsPath('$.activated.waitSeconds') }),
      )
      .next(this.#step('Retire', 'retire'))
      .next(release);
  }

  /** The old key may be in somebody's hands: better a few refused tokens than one that is forged. */
  #atOnce(release: IChainable): IChainable {
    return this.#step('ActivateAtOnce', 'activate').next(
      this.#untilDone(this.#step('RevokeOld', 'revoke', '$.revoked'), {
        path: '$.revoked',
        isDone: 'AreRevoked',
        wait: 'WaitForRegions',
        next: release,
      }),
    );
  }

  /** Each step may be repeated: the function finds what an attempt before has done. */
  #step(id: string, step: RotationStep, resultPath: string = JsonPath.DISCARD): LambdaInvoke {
    return workflowStep(this, id, {
      by: this.#rotationFunction,
      payload: {
        step,
        mode: JsonPath.stringAt('$.mode'),
        executionId: JsonPath.stringAt('$$.Execution.Name'),
      },
      resultPath,
      timeout: Duration.minutes(2),
      patience: PATIENCE,
      isUrgent: true,
    });
  }
}
