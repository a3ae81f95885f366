import { countCollected, type ExportStage } from '../../core/exports/stage.ts';
import type { Sub } from '../../core/ids.ts';
import type { RunningExport } from '../../core/ports/exports.ts';
import type { HttpRequest } from '../../http/message.ts';
import type { CopyProgress, CopyState } from '../../pages/privacy-views.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { findStage } from '../export-stage.ts';
import { PRIVACY_PAGE } from './signed-in.ts';

type Deps = Pick<PrivacyPortal, 'exports' | 'processors' | 'policy'>;

/** How the newest copy of somebody's data stands; undefined when there is none, or none any more. */
export async function findCopy(
  deps: Deps,
  { now }: HttpRequest,
  sub: Sub,
): Promise<CopyState | undefined> {
  const newest = await deps.exports.findNewest(sub);
  if (newest === undefined) return undefined;
  const stage = await findStage(deps, newest, now);
  if (stage.stage === 'expired') return undefined;
  if (stage.stage !== 'ready') return progressOf(newest, stage);
  const { expiresAt } = stage;
  return { state: 'ready', url: `${PRIVACY_PAGE}/export/${newest.request.requestId}`, expiresAt };
}

type UnderWay = Exclude<ExportStage, { stage: 'ready' | 'expired' }>;

/** Of a copy that is under way. */
export function progressOf({ progress }: RunningExport, stage: UnderWay): CopyProgress {
  switch (stage.stage) {
    case 'collecting':
      return { state: 'collecting', collected: countCollected(progress.counts) };
    case 'waiting':
      return { state: 'waiting', services: stage.processors.length, until: stage.until };
    case 'writing':
      return { state: 'writing' };
  }
}
