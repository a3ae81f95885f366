import { resolve } from 'node:path';
import { cellOf } from '../../local/cell-regions.ts';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { CloudOptions } from '../../local/cloud-options.ts';
import type { FunctionLogEntry } from '../../local/lambda/function-logs.ts';
import type { RegisteredClient } from '../../local/seed.ts';
import { synthesize } from '../../local/synthesis.ts';
import type { CallRecord, Fault, InboxMessage } from '../../local/types.ts';

export type TestCloudOptions = Partial<
  Pick<
    CloudOptions,
    | 'parameters'
    | 'transformTemplate'
    | 'latency'
    | 'dataDirectory'
    | 'dynamodbEngine'
    | 'demo'
    | 'onWarning'
  >
>;

/** A local cloud for one test file, with what tests ask of it. Close it in `afterAll`. */
export interface TestCloud {
  readonly issuer: string;
  readonly region: string;
  /** Everything else: deployment, IAM engine, demo apps. */
  readonly cloud: Cloud;
  /** Newest first. */
  inbox(to?: string): ReadonlyArray<InboxMessage>;
  /** The newest mail to this address; throws when there is none. */
  requireMail(to: string): InboxMessage;
  /** Seq of the newest call so far: `calls(mark())` are those that come after. */
  mark(): number;
  calls(sinceSeq?: number): ReadonlyArray<CallRecord>;
  advance(seconds: number): Promise<void>;
  /** Hits once unless `times` says otherwise. */
  fault(fault: Omit<Fault, 'times'> & { readonly times?: number }): void;
  clearFaults(): void;
  registerClient(metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient>;
  /** As stored; `data`, `keys` and `directory` name the tables of the only cell. */
  items(table: 'data' | 'keys' | 'directory'): Promise<ReadonlyArray<StoredItem>>;
  logs(): ReadonlyArray<FunctionLogEntry>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export type StoredItem = Readonly<Record<string, unknown>>;

const ROOT = resolve(import.meta.dirname, '../..');
const CELL = cellOf('eu');

/** The directory of the assembly under test: synthesized once per change of the sources. */
export function provideAssembly(): Promise<string> {
  return synthesize({ root: ROOT, cells: [CELL], cacheDirectory: `${ROOT}/.tmp/assemblies` });
}

/** Listens on free ports; the demo apps start only when asked for. */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const cloud = await startCloud({
    demo: false,
    ...options,
    assemble: provideAssembly,
    cells: [CELL],
    port: 0,
  });
  return {
    issuer: cloud.issuer,
    region: CELL.region,
    cloud,
    inbox: cloud.inbox,
    requireMail: (to) => {
      const [mail] = cloud.inbox(to);
      if (mail === undefined) throw new Error(`nothing was sent to ${to}`);
      return mail;
    },
    mark: () => cloud.calls(0).at(-1)?.seq ?? 0,
    calls: (sinceSeq = 0) => cloud.calls(sinceSeq),
    advance: cloud.advance,
    fault: ({ times = 1, ...fault }) => cloud.faults.add({ ...fault, times }),
    clearFaults: cloud.faults.clear,
    registerClient: cloud.registerClient,
    items: (table) => itemsOf(cloud, table),
    logs: cloud.logs,
    reset: cloud.reset,
    close: cloud.close,
  };
}

async function itemsOf(
  cloud: Cloud,
  table: Parameters<TestCloud['items']>[0],
): Promise<ReadonlyArray<StoredItem>> {
  const name = table === 'directory' ? 'domicile-directory' : `domicile-${table}-${CELL.name}`;
  const items = await cloud.items(CELL.region, name);
  if (items === undefined) throw new Error(`there is no table ${name}`);
  return items;
}
