import { afterEach, beforeEach, vi } from 'vitest';

/** What each test of a file writes to standard output and error, and nobody else sees. */
export function writtenLines(): Array<string> {
  const lines: Array<string> = [];
  beforeEach(() => {
    lines.length = 0;
    // Powertools writes through a console of its own.
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((line) => {
        lines.push(String(line));
        return true;
      });
    }
  });
  afterEach(() => vi.restoreAllMocks());
  return lines;
}
