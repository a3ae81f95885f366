/** One line that a function wrote, or that the local cloud has to say about it. */
export interface FunctionLogEntry {
  readonly at: string;
  readonly function: string;
  readonly region: string;
  readonly requestId: string | undefined;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  /** The parsed line when it is a JSON object, else its text. */
  readonly message: unknown;
}

export interface FunctionLogs {
  add(entry: Omit<FunctionLogEntry, 'at'>): void;
  /** Newest first. */
  list(): ReadonlyArray<FunctionLogEntry>;
  clear(): void;
}

const CAPACITY = 2_000;
const MAX_LINE_LENGTH = 16_384;

/** Bounded: a function in a loop must not fill the memory of the local cloud. */
export function createFunctionLogs(nowMs: () => number): FunctionLogs {
  let entries: Array<FunctionLogEntry> = [];
  return {
    add(entry) {
      entries.push({ at: new Date(nowMs()).toISOString(), ...entry });
      if (entries.length > CAPACITY * 2) entries = entries.slice(-CAPACITY);
    },
    list: () => entries.slice(-CAPACITY).reverse(),
    clear: () => {
      entries = [];
    },
  };
}

/** Structured lines stay structured. */
export function parseLogLine(line: string): unknown {
  const text = line.slice(0, MAX_LINE_LENGTH);
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
