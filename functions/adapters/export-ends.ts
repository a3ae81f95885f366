import type { Sub } from '../core/ids.ts';
import type { ExportEnds, ExportFiles } from '../core/ports/exports.ts';
import type { Processors } from '../core/ports/processors.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { PrivacyRequestStore } from './dynamodb/privacy-requests.ts';

interface ExportEndsDeps {
  readonly requests: Pick<PrivacyRequestStore, 'history' | 'move'>;
  readonly files: Pick<ExportFiles, 'removeAll'>;
  readonly processors: Pick<Processors, 'forgetData'>;
}

/** For erasure: no copy of a person's data outlives them because they once asked for it. */
export function createExportEnds({ requests, files, processors }: ExportEndsDeps): ExportEnds {
  async function end(requestId: Parameters<ExportFiles['removeAll']>[0], now: EpochSeconds) {
    await files.removeAll(requestId);
    await processors.forgetData(requestId);
    const from = ['collecting', 'ready'] as const;
    await requests.move(requestId, { from, to: 'expired', now, remove: ['progress'] });
  }

  return {
    async endAll(sub: Sub, now: EpochSeconds) {
      let cursor: Awaited<ReturnType<typeof requests.history>>['cursor'];
      do {
        const page = await requests.history(sub, cursor);
        const open = page.requests.filter(
          ({ kind, state }) => kind === 'export' && state !== 'expired',
        );
        for (const { requestId } of open) await end(requestId, now);
        cursor = page.cursor;
      } while (cursor !== undefined);
    },
  };
}
