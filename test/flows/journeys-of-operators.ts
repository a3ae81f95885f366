import { z } from 'zod';
import type { RotationMode } from '../../functions/core/key-rotation.ts';
import type { TestCloud } from '../harness/cloud.ts';
import type { Journey } from './every-journey.ts';
import { readKeys } from './journeys-of-apps.ts';

const AdminAnswer = z.object({ result: z.record(z.string(), z.unknown()) });

const DAY_SECONDS = 24 * 3600;
/** Of the parameter `SigningKeyRotationDays`. */
const SCHEDULE_SECONDS = 90 * DAY_SECONDS;

/** Rotations of the signing keys; apart from the other journeys, since they move the clock by months. */
export const EVERY_ROTATION: ReadonlyArray<Journey> = [
  { name: 'an operator rotates the signing keys', run: rotateOnDemand },
  { name: 'an operator revokes the signing keys', run: rotateAtOnce },
  { name: 'signing keys that rotate by themselves', run: rotateBySchedule },
];

/** Asks the admin function, as `npm run admin` does; throws when it refuses. */
async function operate(cloud: TestCloud, operation: string, input: object) {
  const admin = cloud.cloud.infrastructure.functions.requireByName('domicile-admin');
  const { payload } = await admin.invoke(JSON.stringify({ operation, input }));
  return AdminAnswer.parse(JSON.parse(payload)).result;
}

async function rotateOnDemand(cloud: TestCloud): Promise<void> {
  await operate(cloud, 'keys.rotate', {});
  await finishRotation(cloud, 'on-demand');
  await operate(cloud, 'keys.status', {});
  await operate(cloud, 'keys.list', { all: true });
  await readKeys(cloud);
}

async function rotateAtOnce(cloud: TestCloud): Promise<void> {
  await operate(cloud, 'keys.rotate', { emergency: true });
  await finishRotation(cloud, 'emergency');
}

async function rotateBySchedule(cloud: TestCloud): Promise<void> {
  await cloud.advance(SCHEDULE_SECONDS + 1);
  await finishRotation(cloud, 'scheduled');
}

/** Moves the clock from wait to wait until the newest run of that mode has ended well. */
async function finishRotation(cloud: TestCloud, mode: RotationMode): Promise<void> {
  const find = () =>
    cloud.cloud.executions().find(({ input }) => JSON.stringify(input).includes(mode));
  await cloud.advance(1);
  for (let days = 0; days < 5 && find()?.status === 'RUNNING'; days += 1) {
    await cloud.advance(DAY_SECONDS);
  }
  const status = find()?.status ?? 'missing';
  if (status !== 'SUCCEEDED') throw new Error(`the ${mode} rotation is ${status}`);
}
