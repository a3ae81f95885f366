/** Cuts off a workflow's function at any of its AWS calls, in every step it does. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AwsRequest, Fault, Stack } from '../../local/types.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { type Cut, type Ending, type Places, Track } from './cut-off-places.ts';

/** So that one crash fails the execution, and not the eleventh: for `transformTemplate`. */
export function withoutRetries(stack: Stack): Stack {
  const text = JSON.stringify(stack.template).replace(/\\"Retry\\":\[\{.*?\}\],/g, '');
  return { ...stack, template: JSON.parse(text) };
}

/** What a workflow sends to its function. */
type Visit = Readonly<Record<string, unknown>>;

interface CutOff {
  readonly functionName: string;
  /** What the workflow is about, as what it sends tells: a request, unless said otherwise. */
  readonly subjectOf?: (input: Visit) => string;
  /**
   * By what the workflow is about; none to find the places alone. Several are made one after the other,
   * the next one when the step is repeated: in the order of the places, so that none is passed before its
   * turn.
   */
  readonly plans?: ReadonlyMap<string, ReadonlyArray<Cut>>;
  /** As found where nothing was cut off: what a plan's number means. No other step is cut off. */
  readonly places?: Places;
  /** Writes that may be under way together. */
  readonly sideBySide?: RegExp;
}

/** Cuts each subject off as is planned for it, in every step; finds the places of its steps. */
export function cutOff(
  cloud: TestCloud,
  {
    functionName,
    plans = new Map(),
    places = new Map(),
    sideBySide,
    subjectOf = ({ requestId }) => String(requestId),
  }: CutOff,
) {
  const watched = watchInvocations(cloud, functionName);
  const tracks = new Map<string, Track>();
  const { faults } = cloud.cloud;
  const { take } = faults;
  /** Of a visit: how far it has come, and where it is cut off next. */
  function trackOf(visit: Visit) {
    const [subject, step] = [subjectOf(visit), String(visit['step'])];
    const track = tracks.get(`${subject} ${step}`) ?? new Track();
    tracks.set(`${subject} ${step}`, track);
    const cut = plans.get(subject)?.[track.cuts];
    return { track, next: cut === undefined ? undefined : places.get(step)?.[cut - 1] };
  }
  /**
   * A function that dies before its first call has done nothing, and one that is not invoked does
   * nothing either: no container has to start cold for that.
   */
  function takeInvocation(visit: Visit): Fault | undefined {
    const { track, next } = trackOf(visit);
    if (next?.isFirst !== true || !track.isAbout(next.call)) return undefined;
    track.cutAtOnce();
    return { service: '*', operation: '*', kind: 'error', times: 1 };
  }
  function takeCall(visit: Visit, request: AwsRequest): Fault | undefined {
    const name = nameOf(request);
    if (KEPT.test(name)) return undefined;
    const { track, next } = trackOf(visit);
    const call = track.follow(request.callerRequestId ?? '', name, watched.latestCall());
    if (next === undefined || next.isFirst || next.call !== call) return undefined;
    track.cut();
    return { service: '*', operation: '*', kind: next.kind, times: 1 };
  }
  faults.take = (request, resources) => {
    const visit = watched.visits.get(request.callerRequestId ?? '');
    const begun = visit === undefined ? visitBegunBy(request, resources, functionName) : undefined;
    const own = visit === undefined ? begun && takeInvocation(begun) : takeCall(visit, request);
    return own ?? take(request, resources);
  };
  return {
    /** Cuts that were planned, at places that there are, and were not made. */
    missed: (): ReadonlyArray<{ readonly step: string; readonly cut: Cut }> =>
      [...plans].flatMap(([subject, cuts]) =>
        [...places].flatMap(([step, { length }]) => {
          const meant = cuts.filter((cut) => cut <= length);
          const made = tracks.get(`${subject} ${step}`)?.cuts ?? 0;
          return meant.slice(made).map((cut) => ({ step, cut }));
        }),
      ),
    placesOf: (subject: string, steps: ReadonlyArray<string>): Places =>
      new Map(
        steps.map((step) => [step, tracks.get(`${subject} ${step}`)?.places(sideBySide) ?? []]),
      ),
    stop: () => {
      faults.take = take;
      watched.stop();
    },
  };
}

/** What the workflow sends with an invocation of the function that it asks for. */
function visitBegunBy(
  { operation, input }: AwsRequest,
  resources: ReadonlyArray<string>,
  functionName: string,
): Visit | undefined {
  if (operation !== 'Invoke' || !resources.some((arn) => arn.endsWith(`:${functionName}`))) {
    return undefined;
  }
  return JSON.parse(String(input['Payload']));
}

const KeyPart = z.object({ S: z.string() });
const Named = z.object({
  TableName: z.string().optional(),
  Key: z.object({ pk: KeyPart, sk: KeyPart }).optional(),
  Segment: z.number().optional(),
});

/** `dynamodb GetItem domicile-records-eu REQUEST REQUEST`: whoever and whichever copy it is about. */
function nameOf({ service, operation, input }: AwsRequest): string {
  const { TableName: name, Key: key, Segment: part } = Named.safeParse(input).data ?? {};
  const table = name?.replace(/-restored-.*$/, '-restored');
  const prefixes = [key?.pk.S, key?.sk.S].map((text) => text?.split('#')[0]);
  const words = [service, operation, table, part, ...prefixes];
  return words.filter((word) => word !== undefined).join(' ');
}

/**
 * What a container reads once and keeps: in which step is chance. It changes nothing, so that to be
 * cut off there is to be cut off before the next call.
 */
const KEPT = /^kms Decrypt|^dynamodb GetItem \S+ (KEYRING|CELL-KEYRING|EVIDENCE-KEY|CLIENT) /;

/** Whose invocation makes a call, and in which step: told by what the workflow sends. */
function watchInvocations(cloud: TestCloud, functionName: string) {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const found = pools.filter(({ definition }) => definition.name === functionName);
  if (found.length === 0) throw new Error('there is no such function');
  const visits = new Map<string, Visit>();
  const outcomes = watchOutcomes(cloud);
  const restore = found.map((pool) => {
    const { invoke } = pool;
    pool.invoke = (payload, requestId = randomUUID(), parent) => {
      visits.set(requestId, JSON.parse(payload));
      return invoke.call(pool, payload, requestId, parent);
    };
    return () => {
      pool.invoke = invoke;
    };
  });
  return {
    visits,
    latestCall: outcomes.latest,
    stop: () => {
      for (const undo of [...restore, outcomes.stop]) undo();
    },
  };
}

/** How each call ends: the gateway writes a call down before it asks for faults. */
function watchOutcomes(cloud: TestCloud) {
  const { callLog } = cloud.cloud.infrastructure;
  const { begin } = callLog;
  let latest: Ending = { outcome: undefined };
  callLog.begin = (call) => {
    const open = begin(call);
    const ending: Ending = { outcome: undefined };
    latest = ending;
    return {
      end: (outcome) => {
        ending.outcome = outcome;
        return open.end(outcome);
      },
    };
  };
  return {
    latest: () => latest,
    stop: () => {
      callLog.begin = begin;
    },
  };
}

/** As many at once as the local cloud has containers for. */
export async function someAtATime<Given, Made>(
  given: ReadonlyArray<Given>,
  make: (one: Given) => Promise<Made>,
): Promise<ReadonlyArray<Made>> {
  const made: Array<Made> = [];
  for (let start = 0; start < given.length; start += 8) {
    made.push(...(await Promise.all(given.slice(start, start + 8).map(make))));
  }
  return made;
}
