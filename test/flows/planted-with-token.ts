import type { TestCloud } from '../harness/cloud.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { type RestPerson, signedInWithToken } from './rest.ts';

/** As `signedInWithToken`, of somebody whose sign-up is not the point. */
export async function plantedWithToken(cloud: TestCloud): Promise<RestPerson> {
  return signedInWithToken(cloud, await plantSignedIn(cloud));
}
