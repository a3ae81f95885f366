import { effectiveInput } from './data-flow.ts';
import type { TaskState } from './definition.ts';
import { requireAt } from './paths.ts';
import type { Visit } from './run.ts';
import { Halted, StatesError } from './states-error.ts';

const TOKEN_SUFFIX = '.waitForTaskToken';

/** One attempt of a Task state. Throws StatesError. */
export async function runTask(state: TaskState, visit: Visit): Promise<unknown> {
  const events = taskEvents(state, visit);
  try {
    const result = state.Resource.endsWith(TOKEN_SUFFIX)
      ? await runWithToken(state, visit, events)
      : await runNow(state, visit, events);
    events.succeeded(result);
    return result;
  } catch (error) {
    if (error instanceof StatesError) events.failed(error);
    throw error;
  }
}

/** Its time is real: a move of the clock does not make a function slow. */
async function runNow(state: TaskState, visit: Visit, events: TaskEvents): Promise<unknown> {
  const { tools } = visit.run;
  const parameters = effectiveInput(state, visit.scope);
  events.scheduled(parameters);
  const seconds = timeoutSeconds(state, visit);
  return raceAgainst(
    tools.perform({ resource: state.Resource, parameters }, visit.run.principal),
    visit.run.signal,
    seconds,
  );
}

/** The function is called once; after a restart its answer is still awaited, by the same token. */
async function runWithToken(state: TaskState, visit: Visit, events: TaskEvents): Promise<unknown> {
  const { run, path, at } = visit;
  const { tools, journal, signal } = run;
  const token =
    at.taskToken ?? tools.createToken(String(requireAt('$$.StateMachine.Id', visit.scope)));
  const waiting = tools.awaitToken(token, state.HeartbeatSeconds, signal);
  try {
    if (at.taskToken === undefined) {
      journal.move(path, { ...at, taskToken: token });
      const context = { ...Object(visit.scope.context), Task: { Token: token } };
      const parameters = effectiveInput(state, { ...visit.scope, context });
      events.scheduled(parameters);
      const resource = state.Resource.slice(0, -TOKEN_SUFFIX.length);
      await raceAgainst(tools.perform({ resource, parameters }, run.principal), signal, undefined);
      events.submitted();
    }
    return await tools.activity.park(withinClock(waiting.answer, state, visit));
  } finally {
    waiting.forget();
  }
}

async function raceAgainst(
  work: Promise<unknown>,
  signal: AbortSignal,
  seconds: number | undefined,
): Promise<unknown> {
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const halt = () => reject(new Halted());
  if (signal.aborted) halt();
  signal.addEventListener('abort', halt);
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => reject(new StatesError('States.Timeout')), seconds * 1000);
  try {
    return await Promise.race([work, cut]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', halt);
    // Whoever lost the race must not be an unhandled rejection.
    work.catch(() => undefined);
  }
}

/** Somebody outside may take days, so the movable clock counts. */
async function withinClock(
  answer: Promise<unknown>,
  state: TaskState,
  visit: Visit,
): Promise<unknown> {
  const seconds = timeoutSeconds(state, visit);
  if (seconds === undefined) return answer;
  const { alarms } = visit.run.tools;
  const over = new AbortController();
  const late = alarms
    .until(alarms.nowMs() + seconds * 1000, AbortSignal.any([visit.run.signal, over.signal]))
    .then(() => {
      throw new StatesError('States.Timeout');
    });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

function timeoutSeconds(state: TaskState, { scope }: Visit): number | undefined {
  if (state.TimeoutSecondsPath === undefined) return state.TimeoutSeconds;
  return Number(requireAt(state.TimeoutSecondsPath, scope));
}

type TaskEvents = ReturnType<typeof taskEvents>;

/** Of functions named by their ARN, AWS tells in other words. */
function taskEvents({ Resource }: TaskState, { run: { journal } }: Visit) {
  const isDirect = Resource.startsWith('arn:aws:lambda:');
  const stem = isDirect ? 'LambdaFunction' : 'Task';
  const key = isDirect ? 'lambdaFunction' : 'task';
  const place = isDirect
    ? {}
    : { resourceType: 'lambda', resource: Resource.split(':').slice(6).join(':') };
  return {
    scheduled: (parameters: unknown) => {
      const text = JSON.stringify(parameters);
      journal.event(`${stem}Scheduled`, {
        [`${key}ScheduledEventDetails`]: isDirect
          ? { resource: Resource, input: text }
          : { ...place, parameters: text },
      });
      journal.event(`${stem}Started`, isDirect ? {} : { taskStartedEventDetails: place });
    },
    submitted: () => journal.event('TaskSubmitted', { taskSubmittedEventDetails: place }),
    succeeded: (output: unknown) =>
      journal.event(`${stem}Succeeded`, {
        [`${key}SucceededEventDetails`]: { ...place, output: JSON.stringify(output) },
      }),
    failed: ({ error, reason: cause }: StatesError) => {
      const outcome = error === 'States.Timeout' ? 'TimedOut' : 'Failed';
      journal.event(`${stem}${outcome}`, {
        [`${key}${outcome}EventDetails`]: { ...place, error, cause },
      });
    },
  };
}
