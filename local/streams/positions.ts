import { join } from 'node:path';
import { keepJsonFile, readJsonFile } from '../kept-file.ts';

/** Up to where each mapping of a region is done with its stream. */
export interface Positions {
  find(mappingId: string): string | undefined;
  move(mappingId: string, sequence: string | undefined): void;
  flush(): Promise<void>;
}

export async function keepPositions(dataDirectory: string | undefined): Promise<Positions> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'positions.json');
  const kept = file === undefined ? undefined : await readJsonFile<Record<string, string>>(file);
  const positions = new Map(Object.entries(kept ?? {}));
  const keeper = file === undefined ? undefined : keepJsonFile<Record<string, string>>(file);
  return {
    find: (mappingId) => positions.get(mappingId),
    move(mappingId, sequence) {
      if (sequence === undefined) positions.delete(mappingId);
      else positions.set(mappingId, sequence);
      keeper?.keep(() => Object.fromEntries(positions));
    },
    flush: async () => keeper?.flush(),
  };
}
