import type { RotationRuns } from '../../adapters/states/rotation-runs.ts';
import { nextStepOf, type Rotation } from '../../core/key-rotation.ts';
import type { Operation } from '../operation.ts';

/** `keys.status`: the rotation that is running or ran last, how far it is, what comes next and when. */
export const showRotationOperation: Operation = async ({ rotations, rotationRuns }) => {
  const { rotation } = await rotations.load();
  if (rotation === undefined) return { result: { state: 'none' } };
  return {
    result: { ...describeRotation(rotation), ...(await describeRun(rotation, rotationRuns)) },
  };
};

function describeRotation(rotation: Rotation) {
  const { finishedAt } = rotation;
  return {
    state: finishedAt === undefined ? 'running' : 'finished',
    execution_id: rotation.executionId,
    mode: rotation.mode,
    started_at: rotation.startedAt,
    last_step: rotation.step,
    last_step_at: rotation.stepAt,
    ...(finishedAt === undefined
      ? { next_step: nextStepOf(rotation), next_step_at: rotation.nextAt ?? rotation.stepAt }
      : { finished_at: finishedAt }),
  };
}

/** Provisioning has no execution; Step Functions forgets one after 90 days. */
async function describeRun({ executionId, mode }: Rotation, runs: RotationRuns) {
  if (mode === 'first') return {};
  const run = await runs.find(executionId);
  return run === undefined ? {} : { execution: run.arn, execution_status: run.status };
}
