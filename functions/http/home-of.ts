import { type CellName, type Cells, readCellTag } from '../core/cells.ts';
import type { Sub } from '../core/ids.ts';
import type { Homes } from '../core/ports/homes.ts';
import { findForeignHome } from './forwarding.ts';
import { forgetPerson } from './log-subject.ts';
import type { HttpRequest } from './message.ts';

/** Which other cell a request is for; undefined when it is for this one, or for none. */
export interface HomeOf {
  /** By the tag of a code or refresh token: no call, and nobody has to be authenticated for it. */
  tagged(request: HttpRequest, presented: string | undefined): CellName | undefined;
  /**
   * By a person of whom nothing was found here. `home` is what the own directory said with the same
   * read; without it the primary region is asked.
   */
  unknownPerson(request: HttpRequest, sub: Sub, home?: CellName): Promise<CellName | undefined>;
  /** As `unknownPerson`, when the directory has not been read yet. */
  unreadPerson(request: HttpRequest, sub: Sub): Promise<CellName | undefined>;
}

export function createHomeOf({ cells, homes }: { cells: Cells; homes: Homes }): HomeOf {
  async function look(
    request: HttpRequest,
    find: () => Promise<CellName | undefined>,
  ): Promise<CellName | undefined> {
    if (!cells.areSeveral || request.forwardedBy !== undefined) return undefined;
    forgetPerson(request);
    return findForeignHome(cells, request, await find());
  }

  return {
    tagged: (request, presented) =>
      presented === undefined ? undefined : findForeignHome(cells, request, readCellTag(presented)),
    unknownPerson: (request, sub, home) =>
      look(request, async () => home ?? homes.findInPrimary(sub)),
    unreadPerson: (request, sub) => look(request, () => homes.find(sub)),
  };
}
