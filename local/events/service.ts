import { z } from 'zod';
import { arn } from '../template/physical-ids.ts';
import { AwsError, type AwsRequest, type AwsService, type Clock } from '../types.ts';
import { createEvent } from './event.ts';
import type { EventArchive } from './event-archive.ts';
import { DEFAULT_BUS, type PatternRule } from './rule.ts';
import type { TargetCaller } from './targets.ts';

export interface EventsOptions {
  readonly region: string;
  /** Names of `AWS::Events::EventBus`; the default one is always there. */
  readonly buses: ReadonlyArray<string>;
  readonly rules: ReadonlyArray<PatternRule>;
  readonly targets: TargetCaller;
  readonly archive: EventArchive;
  readonly clock: Clock;
}

const EntrySchema = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default(DEFAULT_BUS),
  Resources: z.array(z.string()).default([]),
  Time: z.number().optional(),
});
type Entry = z.infer<typeof EntrySchema>;

/** What becomes of one entry: an event's id, or why there is none. */
type Result =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

const MAX_ENTRIES = 10;
/** Of all entries together, as AWS counts them. */
const MAX_BYTES = 256 * 1024;
/** `Time` counts as this many bytes. */
const TIME_BYTES = 14;

/** EventBridge of one region (JSON protocol, target `AWSEvents`), of which `PutEvents` is spoken. */
export function createEventsService(options: EventsOptions): AwsService {
  return {
    authorizations: (request) => {
      requirePutEvents(request);
      return readEntries(request).map((entry) => ({
        action: 'events:PutEvents',
        resource: busArn(options.region, entry.EventBusName),
        context: {
          'events:detail-type': [entry.DetailType ?? ''],
          'events:source': [entry.Source ?? ''],
        },
      }));
    },
    async handle(request) {
      requirePutEvents(request);
      const Entries = readEntries(request).map((entry) => put(entry, options));
      const FailedEntryCount = Entries.filter((result) => 'ErrorCode' in result).length;
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ FailedEntryCount, Entries }),
      };
    },
  };
}

/** Entries stand or fall each by itself; the events of a request have no order. */
function put(entry: Entry, { region, buses, rules, targets, archive, clock }: EventsOptions) {
  const bus = nameOf(entry.EventBusName);
  const failure = findFailure(entry, [DEFAULT_BUS, ...buses], bus);
  if (failure !== undefined) return failure;
  const { Source: source = '', DetailType: detailType = '', Resources, Time } = entry;
  const detail: unknown = JSON.parse(entry.Detail ?? '{}');
  const event = createEvent(
    { 'detail-type': detailType, source, region, resources: Resources, detail },
    Time === undefined ? clock.nowMs() : Time * 1000,
  );
  archive.add({ region, bus, source, detailType, detail });
  for (const rule of rules) {
    if (rule.bus === bus && rule.pattern(event)) targets.call(rule, event);
  }
  return { EventId: event.id } satisfies Result;
}

function findFailure(entry: Entry, buses: ReadonlyArray<string>, bus: string): Result | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      const reason = `${name} is a required argument.`;
      return failed('InvalidArgument', `Parameter ${name} is not valid. Reason: ${reason}`);
    }
  }
  if (!isJsonObject(entry.Detail ?? '')) return failed('MalformedDetail', 'Detail is malformed.');
  if (/^aws\./.test(entry.Source ?? '')) {
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  if (buses.includes(bus)) return undefined;
  return failed('InvalidArgument', `Event bus ${bus} does not exist.`);
}

function failed(ErrorCode: string, ErrorMessage: string): Result {
  return { ErrorCode, ErrorMessage };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function requirePutEvents({ operation }: AwsRequest): void {
  if (operation === 'PutEvents') return;
  throw new AwsError('UnknownOperationException', `${operation} is not emulated locally`);
}

/** Throws ValidationException for what concerns the request as a whole. */
function readEntries({ input }: AwsRequest): ReadonlyArray<Entry> {
  const parsed = z.array(EntrySchema).min(1).max(MAX_ENTRIES).safeParse(input['Entries']);
  if (!parsed.success) {
    const why = `Member must have length between 1 and ${MAX_ENTRIES}, each an entry`;
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: ${why}`,
    );
  }
  const bytes = parsed.data.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes <= MAX_BYTES) return parsed.data;
  throw new AwsError(
    'ValidationException',
    'Total size of the entries in the request is over the limit.',
  );
}

/** EventBridge User Guide, "Calculating PutEvents event entry size". */
function sizeOf({ Source = '', DetailType = '', Detail = '', Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes + (Time === undefined ? 0 : TIME_BYTES);
}

/** A bus may be named by its ARN. */
function nameOf(bus: string): string {
  return bus.startsWith('arn:') ? (bus.split('/').at(-1) ?? bus) : bus;
}

function busArn(region: string, bus: string): string {
  return bus.startsWith('arn:') ? bus : arn('events', region, `event-bus/${bus}`);
}
