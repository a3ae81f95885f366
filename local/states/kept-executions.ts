import { join } from 'node:path';
import { type FileKeeper, keepJsonFile, readJsonFile } from '../kept-file.ts';
import type { Execution } from './execution.ts';

/** Where executions are kept over restarts; nowhere without a directory. */
export interface KeptExecutions extends FileKeeper<ReadonlyArray<Execution>> {
  read(): Promise<ReadonlyArray<Execution>>;
}

const NOWHERE: KeptExecutions = {
  read: async () => [],
  keep: () => undefined,
  flush: async () => undefined,
};

export function keepExecutions(dataDirectory: string | undefined): KeptExecutions {
  if (dataDirectory === undefined) return NOWHERE;
  const file = join(dataDirectory, 'executions.json');
  return {
    ...keepJsonFile<ReadonlyArray<Execution>>(file),
    read: async () => (await readJsonFile<ReadonlyArray<Execution>>(file)) ?? [],
  };
}
