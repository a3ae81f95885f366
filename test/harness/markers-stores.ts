/** All that a deployment keeps, says and is asked, by region. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { vi } from 'vitest';
import { readObjects } from '../../local/s3/bucket-view.ts';
import type { AwsRequest, AwsService } from '../../local/types.ts';
import type { TestCloud } from './cloud.ts';
import type { StoredText } from './markers.ts';
import { API_PATHS, byRegion, createApiReader, textOf } from './markers-api.ts';
import { readTableStreams } from './table-streams.ts';

/** Everything that was seen since it began to listen; what is gone again is not forgotten. */
export interface Observation {
  /** Reads every store as it stands. */
  sweep(): Promise<void>;
  /** Each text once per store. */
  seen(): Iterable<StoredText>;
}

/** Listens to what the services of all regions are asked, besides reading what they keep. */
export function observe(cloud: TestCloud): Observation {
  const seen = new Map<string, Map<string, StoredText>>();
  const add = (one: StoredText) => {
    const place = `${one.region} ${one.store}`;
    const texts = seen.get(place) ?? new Map<string, StoredText>();
    seen.set(place, texts.set(one.text, one));
  };
  listenToServices(cloud, add);
  const read = createStoreReader(cloud);
  return {
    sweep: async () => {
      for (const one of await read()) add(one);
    },
    seen: function* () {
      for (const texts of seen.values()) yield* texts.values();
    },
  };
}

/** What reaches a service is worked on in its region, whoever asks. */
function listenToServices(cloud: TestCloud, hear: (text: StoredText) => void): void {
  for (const [region, found] of cloud.cloud.infrastructure.regions) {
    const lambda = found.find('lambda')?.service;
    if (lambda === undefined) throw new Error(`${region} has no Lambda`);
    const { service: states, events } = found.workflows;
    const services = [found.dynamodb, found.kms, found.ses, states, events, found.sqs, lambda];
    for (const service of services) {
      listenTo(service, ({ service: name, operation, input }) =>
        hear({ region, store: `asked of ${name}:${operation}`, text: JSON.stringify(input) }),
      );
    }
  }
}

function listenTo(service: AwsService, hear: (request: AwsRequest) => void): void {
  const handle = service.handle.bind(service);
  vi.spyOn(service, 'handle').mockImplementation((request) => {
    hear(request);
    return handle(request);
  });
}

/** Tables, streams, buckets, buses, logs, mails, workflows, and what the local cloud's own API shows. */
export function readStores(cloud: TestCloud): Promise<ReadonlyArray<StoredText>> {
  return createStoreReader(cloud)();
}

/**
 * Reads all of them each time, but for what only grows: entries of logs and records of streams, which
 * nobody changes once they are written, are told the first time that they are read.
 */
function createStoreReader(cloud: TestCloud): () => Promise<ReadonlyArray<StoredText>> {
  const regions = Object.values(cloud.regions);
  const told = new WeakSet<object>();
  const newOf = <Entry extends object>(entries: ReadonlyArray<Entry>) => {
    const fresh = entries.filter((entry) => !told.has(entry));
    for (const entry of fresh) told.add(entry);
    return fresh;
  };
  const readApiOn = createApiReader(cloud);
  const positions = new Map<string, string>();
  return async () => {
    const kept = await Promise.all([
      ...regions.map((region) => readTables(cloud, region)),
      ...regions.map((region) => readStreams(cloud, region, positions)),
      ...regions.map((region) => readBuckets(cloud, region)),
      ...API_PATHS.map(readApiOn),
    ]);
    return [...kept.flat(), ...readRecords(cloud, newOf)];
  };
}

async function readTables(cloud: TestCloud, region: string): Promise<ReadonlyArray<StoredText>> {
  // Copies that somebody has restored are among them.
  const names = cloud.cloud.infrastructure.regions.get(region)?.dynamodb.tables() ?? [];
  const tables = await Promise.all(
    names.map(async (table) => {
      const items = (await cloud.cloud.items(region, table)) ?? [];
      return items.map((item) => ({ region, store: table, text: JSON.stringify(item) }));
    }),
  );
  return tables.flat();
}

/** As whoever may read the objects gets them, besides their names and metadata. */
async function readBuckets(cloud: TestCloud, region: string): Promise<ReadonlyArray<StoredText>> {
  const buckets = (await cloud.cloud.infrastructure.regions.get(region)?.s3.buckets()) ?? [];
  const texts = await Promise.all(
    buckets.map(async (bucket) => {
      const [, kind = ''] = /^domicile-([a-z]+)-/.exec(bucket.definition.name) ?? [];
      const objects = await readObjects(bucket);
      return objects.flatMap(({ bytes, stored, ...told }) => [
        { region, store: `bucket of ${kind}`, text: JSON.stringify(told) },
        { region, store: `bucket of ${kind}`, text: bytes?.toString('utf8') ?? '' },
        { region, store: `bucket of ${kind}`, text: stored.toString('latin1') },
      ]);
    }),
  );
  return texts.flat();
}

async function readStreams(
  cloud: TestCloud,
  region: string,
  positions: Map<string, string>,
): Promise<ReadonlyArray<StoredText>> {
  const records = await readTableStreams(cloud, region, { positions });
  return records.map(({ table, record }) => ({
    region,
    store: `stream of ${table}`,
    text: JSON.stringify(record),
  }));
}

/** What names its region is that region's, even if it is read from elsewhere. */
function readRecords(
  cloud: TestCloud,
  newOf: <Entry extends object>(entries: ReadonlyArray<Entry>) => ReadonlyArray<Entry>,
): ReadonlyArray<StoredText> {
  const { requests: listRequests } = cloud.cloud;
  const logs = newOf(cloud.logs()).map((line) => ({
    store: `log of ${line.function}`,
    ...textOf(line),
  }));
  const requests = newOf(listRequests()).map((line) => ({ store: 'access log', ...textOf(line) }));
  const calls = newOf(cloud.calls()).flatMap((call) => {
    const { text, region } = textOf(call);
    return [region, call.callerRegion].map((one) => ({ store: 'call log', text, region: one }));
  });
  const mails = newOf(cloud.inbox()).map((mail) => ({ store: 'mail', ...textOf(mail) }));
  const events = newOf(cloud.events()).map((event) => ({ store: 'bus', ...textOf(event) }));
  const queues = cloud.queues().map((queue) => ({ store: 'queue', ...textOf(queue) }));
  const executions = cloud.cloud.executions().map((run) => ({
    store: 'execution',
    region: run.arn.split(':')[3],
    text: JSON.stringify(run),
  }));
  return [...logs, ...requests, ...calls, ...mails, ...events, ...queues, ...executions];
}

/** Every file of a data directory; those that lie in no region's folder are everybody's. */
export async function readFiles(
  directory: string,
  regions: ReadonlyArray<string>,
): Promise<ReadonlyArray<StoredText>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(async (file) => {
      const path = join(file.parentPath, file.name);
      const store = relative(directory, path);
      const region = regions.find((name) => store.split('/').includes(name));
      // One character per byte: nothing is lost, and text stays text.
      const text = (await readFile(path)).toString('latin1');
      return byRegion(text, { region, store, text });
    }),
  );
  return texts.flat();
}
