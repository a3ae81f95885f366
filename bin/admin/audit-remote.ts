import * as z from 'zod/mini';
import { ACT_KINDS, type ActKind } from '../../functions/core/audit/act.ts';
import type { AuditRecord, RecordText } from '../../functions/core/audit/audit-record.ts';
import type { Witnessed } from '../../functions/core/audit/comparison.ts';
import { type AuditHour, parseHour, startOf } from '../../functions/core/audit/hours.ts';
import type { StoredRoot } from '../../functions/core/ports/audit-hours.ts';
import { type EpochSeconds, HOUR_SECONDS } from '../../functions/core/time.ts';
import type { Invoke } from './invoke.ts';
import { RefusedError } from './usage-error.ts';

interface HourRange {
  readonly since?: AuditHour | undefined;
  readonly until?: AuditHour | undefined;
}

/** A cell's trail, asked of its function page by page. */
export interface RemoteTrail {
  about(): Promise<About>;
  find(query: Json): AsyncIterable<z.infer<typeof Page>>;
  roots(range: HourRange): AsyncIterable<StoredRoot>;
  records(hour: AuditHour): AsyncIterable<ReadonlyArray<RecordText>>;
  /** What the index by kind knows of an hour's records. */
  witnesses(hour: AuditHour): Promise<ReadonlyArray<Witnessed>>;
}

type Json = Readonly<Record<string, unknown>>;

const GROUP_SIZE = 8;
/** A record that came late stands at its own time: what streams lose, they lose after a day. */
const LATEST_SECONDS = 2 * 86_400;

const Text = z.string();
const Cursor = z.optional(Text);
const Hour = z.custom<AuditHour>((value) => parseHour(String(value)) !== undefined);
const Time = z.custom<EpochSeconds>(Number.isSafeInteger);

const About = z.object({
  ...{ issuer: Text, cell: Text, now: Time },
  beginning: z.optional(Hour),
  jwks: z.unknown(),
});
export type About = z.infer<typeof About>;

const Roots = z.object({ roots: z.array(z.object({ hour: Hour, root: Text })), cursor: Cursor });
const Texts = z.object({
  texts: z.array(z.custom<RecordText>((value) => typeof value === 'string')),
  cursor: Cursor,
});
const Pointers = z.object({
  pointers: z.array(z.object({ hour: Hour, id: Text, hash: Text })),
  cursor: Cursor,
});
const Page = z.object({
  records: z.array(
    z.custom<AuditRecord>(
      (value) =>
        z.looseObject({ id: Text, kind: Text, at: Time, hour: Hour }).safeParse(value).success,
    ),
  ),
  missing: z.array(z.object({ hour: Hour, id: Text, at: Time })),
  since: z.optional(Time),
  cursor: Cursor,
});

export function createRemoteTrail(invoke: Invoke): RemoteTrail {
  async function* pagesOf<Answer extends { cursor?: string | undefined }>(
    operation: string,
    input: Json,
    schema: z.ZodMiniType<Answer>,
  ): AsyncGenerator<Answer> {
    let cursor: string | undefined;
    do {
      const asked = cursor === undefined ? input : { ...input, cursor };
      const page = parse(schema, await invoke(operation, asked));
      yield page;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  return {
    about: async () => parse(About, await invoke('audit.keys', {})),

    find: (query) => pagesOf('audit.list', query, Page),

    async *roots({ since, until }) {
      const range = { ...(since && { since }), ...(until && { until }) };
      for await (const page of pagesOf('audit.roots', range, Roots)) yield* page.roots;
    },

    async *records(hour) {
      for await (const { texts } of pagesOf('audit.records', { hour }, Texts)) yield texts;
    },

    async witnesses(hour) {
      const until = startOf(hour) + HOUR_SECONDS;
      const range = { since: until - LATEST_SECONDS, until };
      const ofKind = async (kind: ActKind): Promise<ReadonlyArray<Witnessed>> => {
        const found: Array<Witnessed> = [];
        for await (const page of pagesOf('audit.pointers', { kind, ...range }, Pointers)) {
          found.push(...page.pointers.filter((pointer) => pointer.hour === hour));
        }
        return found;
      };
      return (await inGroups(ACT_KINDS, ofKind)).flat();
    },
  };
}

/** Some side by side: Lambda starts an environment for each. */
async function inGroups<Given, Made>(
  given: ReadonlyArray<Given>,
  make: (one: Given) => Promise<Made>,
): Promise<ReadonlyArray<Made>> {
  const made: Array<Made> = [];
  for (let start = 0; start < given.length; start += GROUP_SIZE) {
    made.push(...(await Promise.all(given.slice(start, start + GROUP_SIZE).map(make))));
  }
  return made;
}

function parse<Answer>(schema: z.ZodMiniType<Answer>, answer: Json): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new RefusedError('the function gave no answer that this CLI knows');
}
