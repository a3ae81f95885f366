/**
 * What operators ask of the trail by `lambda:Invoke`: IAM decides who may. Who did is known to
 * CloudTrail alone, and only where it records data events of this function (runbook, "Who asked").
 */
import * as z from 'zod/mini';
import { ACT_KINDS } from '../core/audit/act.ts';
import { type AuditHour, parseHour } from '../core/audit/hours.ts';
import type { Sub } from '../core/ids.ts';
import type { AuditHours } from '../core/ports/audit-hours.ts';
import type { AuditTrail } from '../core/ports/audit-trail.ts';
import type { EpochSeconds } from '../core/time.ts';

interface QueryDeps {
  readonly issuer: string;
  readonly cell: string;
  readonly trail: AuditTrail;
  readonly hours: AuditHours;
  readonly evidenceJwks: () => Promise<unknown>;
}

export type QueryAnswer =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: { readonly code: string; readonly description: string } };

const Cursor = z.optional(z.string().check(z.minLength(1), z.maxLength(200)));
const Time = z.optional(z.int().check(z.minimum(0)));
const Hour = z
  .string()
  .check(z.refine((text) => parseHour(text) !== undefined, 'an hour is written 2026-11-22T14:00Z'));

const Find = z.strictObject({
  person: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  actor: z.optional(
    z
      .string()
      .check(
        z.maxLength(160),
        z.regex(
          /^(anonymous|(person|client|system):.+)$/,
          'an actor is person:SUB, client:ID, system:NAME or anonymous',
        ),
      ),
  ),
  kind: z.optional(z.enum(ACT_KINDS)),
  since: Time,
  until: Time,
  cursor: Cursor,
});

const Query = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('audit.list'), input: Find }),
  z.object({
    operation: z.literal('audit.roots'),
    input: z.strictObject({
      since: z.optional(Hour),
      until: z.optional(Hour),
      cursor: z.optional(Hour),
    }),
  }),
  z.object({
    operation: z.literal('audit.records'),
    input: z.strictObject({ hour: Hour, cursor: Cursor }),
  }),
  z.object({
    operation: z.literal('audit.pointers'),
    input: z.strictObject({
      kind: z.enum(ACT_KINDS),
      since: z.int(),
      until: z.int(),
      cursor: Cursor,
    }),
  }),
  z.object({ operation: z.literal('audit.keys'), input: z.strictObject({}) }),
]);

export async function answerQuery(
  deps: QueryDeps,
  event: unknown,
  now: EpochSeconds,
): Promise<QueryAnswer> {
  const parsed = Query.safeParse(event);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.slice(1).join('.') ?? '';
    const description = `${where === '' ? 'the query' : where}: ${issue?.message ?? 'is none'}`;
    return { ok: false, error: { code: 'invalid_request', description } };
  }
  return { ok: true, result: await answer(deps, parsed.data, now) };
}

async function answer(
  deps: QueryDeps,
  { operation, input }: z.infer<typeof Query>,
  now: EpochSeconds,
): Promise<Readonly<Record<string, unknown>>> {
  switch (operation) {
    case 'audit.list':
      return { ...(await find(deps, input, now)) };
    case 'audit.roots': {
      const range = { since: hourOrNone(input.since), until: hourOrNone(input.until) };
      return { ...(await deps.hours.roots(range, hourOrNone(input.cursor))) };
    }
    case 'audit.records':
      return { ...(await deps.hours.page(input.hour as AuditHour, input.cursor)) };
    case 'audit.pointers': {
      const { kind, since, until, cursor } = input;
      const range = { since: since as EpochSeconds, until: until as EpochSeconds };
      return { ...(await deps.trail.pointers({ kind, ...range }, cursor)) };
    }
    case 'audit.keys': {
      const { issuer, cell } = deps;
      const [beginning, keys] = await Promise.all([deps.hours.beginning(), deps.evidenceJwks()]);
      return { issuer, cell, now, jwks: keys, ...(beginning !== undefined && { beginning }) };
    }
  }
}

function find({ trail }: QueryDeps, input: z.infer<typeof Find>, now: EpochSeconds) {
  const { person, actor, kind, since, until = now + 1, cursor } = input;
  return trail.find(
    {
      ...(person !== undefined && { person: person as Sub }),
      ...(actor !== undefined && { actor }),
      ...(kind !== undefined && { kind }),
      ...(since !== undefined && { since: since as EpochSeconds }),
      until: until as EpochSeconds,
    },
    cursor,
  );
}

function hourOrNone(text: string | undefined): AuditHour | undefined {
  return text === undefined ? undefined : parseHour(text);
}
