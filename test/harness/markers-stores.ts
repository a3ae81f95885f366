/** All that a deployment keeps, says and is asked, by region. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { vi } from 'vitest';
import { z } from 'zod';
import { readObjects } from '../../local/s3/bucket-view.ts';
import type { AwsRequest, AwsService } from '../../local/types.ts';
import type { TestCloud } from './cloud.ts';
import type { StoredText } from './markers.ts';
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
  const seen = new Map<string, StoredText>();
  const add = (one: StoredText) => seen.set(`${one.region} ${one.store} ${one.text}`, one);
  listenToServices(cloud, add);
  return {
    sweep: async () => {
      for (const one of await readStores(cloud)) add(one);
    },
    seen: () => seen.values(),
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
export async function readStores(cloud: TestCloud): Promise<ReadonlyArray<StoredText>> {
  const regions = Object.values(cloud.regions);
  const kept = await Promise.all([
    ...regions.map((region) => readTables(cloud, region)),
    ...regions.map((region) => readStreams(cloud, region)),
    ...regions.map((region) => readBuckets(cloud, region)),
    ...API_PATHS.map((path) => readApi(cloud, path)),
  ]);
  return [...kept.flat(), ...readRecords(cloud)];
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

async function readStreams(cloud: TestCloud, region: string): Promise<ReadonlyArray<StoredText>> {
  const records = await readTableStreams(cloud, region);
  return records.map(({ table, record }) => ({
    region,
    store: `stream of ${table}`,
    text: JSON.stringify(record),
  }));
}

/** What names its region is that region's, even if it is read from elsewhere. */
function readRecords(cloud: TestCloud): ReadonlyArray<StoredText> {
  const logs = cloud.logs().map((line) => ({ store: `log of ${line.function}`, ...textOf(line) }));
  const requests = cloud.cloud.requests().map((line) => ({ store: 'access log', ...textOf(line) }));
  const calls = cloud.calls().flatMap((call) => [
    { store: 'call log', ...textOf(call) },
    { store: 'call log', text: JSON.stringify(call), region: call.callerRegion },
  ]);
  const mails = cloud.inbox().map((mail) => ({ store: 'mail', ...textOf(mail) }));
  const events = cloud.events().map((event) => ({ store: 'bus', ...textOf(event) }));
  const queues = cloud.queues().map((queue) => ({ store: 'queue', ...textOf(queue) }));
  const executions = cloud.cloud.executions().map((run) => ({
    store: 'execution',
    region: run.arn.split(':')[3],
    text: JSON.stringify(run),
  }));
  return [...logs, ...requests, ...calls, ...mails, ...events, ...queues, ...executions];
}

function textOf<Line extends { readonly region: string }>(line: Line) {
  return { region: line.region, text: JSON.stringify(line) };
}

/** Those that tell of all regions at once. */
const API_PATHS = [
  ...['cells', 'clock', 'executions', 'faults', 'grants', 'replication', 'seed'],
  ...['inbox', 'logs', 'calls', 'requests', 'events', 'queues', 'buckets'],
];

const Entries = z.array(z.looseObject({ region: z.string() }));

/** Entries that name their region are that region's; all else is everybody's. */
async function readApi(cloud: TestCloud, path: string): Promise<ReadonlyArray<StoredText>> {
  const answer = await fetch(new URL(`/_local/api/${path}`, cloud.issuer));
  if (answer.status !== 200) throw new Error(`/_local/api/${path}: ${answer.status}`);
  const text = await answer.text();
  const store = `/_local/api/${path}`;
  return byRegion(text, { region: undefined, store, text });
}

/** The entries of a list that name their regions; else the whole. */
function byRegion(json: string, whole: StoredText): ReadonlyArray<StoredText> {
  if (!json.startsWith('[')) return [whole];
  const entries = Entries.safeParse(JSON.parse(json));
  if (!entries.success) return [whole];
  return entries.data.map((entry) => ({ store: whole.store, ...textOf(entry) }));
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
