import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { createKeyRotations } from '../adapters/dynamodb/key-rotations.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createRegionalKeys } from '../adapters/kms/regional-keys.ts';
import { ROTATION_MODES, ROTATION_STEPS, type RotationOutput } from '../core/key-rotation.ts';
import { HOUR_SECONDS, toEpochSeconds } from '../core/time.ts';
import { ENVIRONMENT, requireInteger, requireText } from '../environment.ts';
import { regionsOf } from '../signing-keys/regions.ts';
import type { RotationDeps } from './step.ts';
import { STEPS } from './steps.ts';

const logger = new Logger({ serviceName: 'rotation' });
const deps: RotationDeps = {
  rotations: createKeyRotations({
    dynamo: createDynamo(),
    directoryTable: requireText(ENVIRONMENT.directoryTable),
  }),
  regionalKeys: createRegionalKeys({
    primaryRegion: requireText(ENVIRONMENT.primaryRegion),
    regions: regionsOf(requireText(ENVIRONMENT.cellRegions)),
  }),
  publishSeconds: requireInteger(ENVIRONMENT.signingKeyPublishHours) * HOUR_SECONDS,
  retireSeconds: requireInteger(ENVIRONMENT.signingKeyRetireHours) * HOUR_SECONDS,
  note: (what, details) => logger.info(what, details),
};

const Input = z.object({
  step: z.enum(ROTATION_STEPS),
  executionId: z.string().check(z.minLength(1), z.maxLength(80)),
  mode: z.enum(ROTATION_MODES),
});

/** One step of the state machine `domicile-key-rotation`. Throws what its execution should show. */
export async function handler(event: unknown): Promise<RotationOutput> {
  const input = Input.parse(event);
  const output = await STEPS[input.step](deps, input, toEpochSeconds(Date.now()));
  logger.info('rotation step', { ...input, ...output });
  return output;
}
