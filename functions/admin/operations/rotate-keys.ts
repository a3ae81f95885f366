import { mayBegin, type RotationMode } from '../../core/key-rotation.ts';
import { AdminError, type Operation } from '../operation.ts';

/** In front of its name a run says why it was started. */
const ID_BYTES = 9;

/** `keys.rotate`: starts the workflow. With `emergency` the keys that sign now are revoked at once. */
export const rotateKeysOperation: Operation = async (deps, input, now) => {
  const mode = readMode(input['emergency']);
  const { rotation } = await deps.rotations.load();
  if (rotation !== undefined && !mayBegin(rotation, mode, now)) {
    throw new AdminError(
      'conflict',
      `the rotation ${rotation.executionId} is running: keys status tells how far it is`,
    );
  }
  const executionId = `${mode}-${deps.randomToken(ID_BYTES)}`;
  const execution = await deps.rotationRuns.start(executionId, mode);
  return { result: { execution_id: executionId, mode, execution } };
};

function readMode(emergency: unknown): RotationMode {
  if (emergency === undefined || emergency === false) return 'on-demand';
  if (emergency === true) return 'emergency';
  throw new AdminError('invalid_request', 'emergency must be true or false');
}
