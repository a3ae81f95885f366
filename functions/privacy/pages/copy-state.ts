import type { Sub } from '../../core/ids.ts';
import type { HttpRequest } from '../../http/message.ts';
import type { CopyState } from '../../pages/privacy-views.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { PRIVACY_PAGE } from './signed-in.ts';

/** How the newest copy of somebody's data stands; undefined when there is none, or none any more. */
export async function findCopy(
  { exports }: Pick<PrivacyPortal, 'exports'>,
  { now }: HttpRequest,
  sub: Sub,
): Promise<CopyState | undefined> {
  const newest = await exports.findNewest(sub);
  if (newest === undefined) return undefined;
  const { request, progress } = newest;
  const { requestId, state, expiresAt } = request;
  if (state === 'collecting') {
    const collected = Object.values(progress.counts).reduce((sum, count) => sum + count, 0);
    return { state, collected };
  }
  if (state !== 'ready' || expiresAt === undefined || expiresAt <= now) return undefined;
  return { state, url: `${PRIVACY_PAGE}/export/${requestId}`, expiresAt };
}
