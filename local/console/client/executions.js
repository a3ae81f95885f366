import { get, post } from './api.js';
import { empty, h, json, time } from './dom.js';

/** The execution that is looked at; the newest one until somebody chooses. */
const state = { arn: undefined };
const SHOWN = 30;
const TONES = {
  RUNNING: 'accent',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'warn',
};
const WORDS = {
  running: 'at work',
  succeeded: 'done',
  caught: 'failed, caught',
  failed: 'failed',
  aborted: 'cut off',
};

export const executions = {
  title: 'Executions',
  async load() {
    const [all, clock] = await Promise.all([get('executions'), get('clock')]);
    return { all: all.slice(0, SHOWN), waits: secondsLeft(all, clock.now) };
  },
  render({ all, waits }, { act, redraw }) {
    if (all.length === 0) {
      return [
        empty(
          'No workflow has run yet',
          'Rotate the signing keys in the Keys view, and follow it here state by state.',
        ),
      ];
    }
    const open = all.find(({ arn }) => arn === state.arn) ?? all[0];
    const choose = (arn) => () => {
      state.arn = arn;
      redraw();
    };
    return [
      h(
        'ul.runs',
        { 'aria-label': 'Runs of workflows, newest first' },
        ...all.map((run) => h('li', {}, chooser(run, run === open, choose(run.arn)))),
      ),
      ...details(open, waits[open.arn], act),
    ];
  },
};

/** The clock itself is no part of what is shown, or every poll would redraw the page. */
function secondsLeft(all, now) {
  const left = ({ waitsUntil }) =>
    Math.ceil((Date.parse(waitsUntil) - Date.parse(now)) / 60_000) * 60;
  return Object.fromEntries(
    all.filter(({ waitsUntil }) => waitsUntil !== undefined).map((run) => [run.arn, left(run)]),
  );
}

function chooser({ machine, name, status, startedAt, states }, isOpen, onclick) {
  return h(
    'button.run',
    { type: 'button', 'aria-pressed': isOpen, onclick },
    h('span', { className: `badge ${TONES[status]}` }, status.toLowerCase().replace('_', ' ')),
    h('span.run-machine', {}, machine),
    h('span', {}, states.at(-1)?.name),
    h('span.soft.run-name', {}, name),
    h('span.soft', {}, time(startedAt)),
  );
}

function details(run, waitSeconds, act) {
  const { machine, name, region, startedAt, stoppedAt, redrives, error, cause, states } = run;
  return [
    h('h2', {}, machine),
    h(
      'p.soft',
      {},
      `${region} · `,
      h('code', {}, name),
      ' · started ',
      day(startedAt),
      stoppedAt !== undefined && h('span', {}, ' · ended ', day(stoppedAt)),
      redrives > 0 && ` · redriven ${redrives === 1 ? 'once' : `${redrives} times`}`,
    ),
    error !== undefined &&
      h(
        'div.run-error',
        { role: 'status' },
        h('strong', {}, error),
        h('p', {}, message(cause)),
        h(
          'div.row',
          {},
          h('span.soft.grow', {}, 'A redrive goes on from the state that failed, with its input.'),
          h(
            'button.small',
            { type: 'button', onclick: () => act(() => post('redrives', { arn: run.arn })) },
            'Redrive',
          ),
        ),
      ),
    waitSeconds > 0 &&
      h(
        'div.row',
        {},
        h('span.soft', {}, `Waits for ${duration(waitSeconds)} more.`),
        h(
          'button.small',
          {
            type: 'button',
            onclick: () => act(() => post('clock', { advanceSeconds: waitSeconds })),
          },
          'Move the clock there',
        ),
      ),
    h('ol.steps', {}, ...states.map((one, index) => step(one, index, run.arn))),
  ];
}

function step({ path, name, type, status, enteredAt, exitedAt, attempts, ...rest }, index, arn) {
  const tookMs = exitedAt === undefined ? undefined : Date.parse(exitedAt) - Date.parse(enteredAt);
  return h(
    'li',
    { className: `step ${status}` },
    h(
      'details',
      { 'data-key': `${arn} ${index}` },
      h(
        'summary.step-summary',
        {},
        h('span.step-name', {}, h('span.soft', {}, path), name),
        h('span.badge', {}, type),
        attempts > 1 && h('span.badge.warn', {}, `${attempts} attempts`),
        h('span.step-status', {}, WORDS[status]),
        h('span.soft.step-time', {}, tookMs === undefined ? 'since ' : '', time(enteredAt)),
        tookMs !== undefined && h('span.soft.step-took', {}, duration(tookMs / 1000)),
      ),
      ...facts(rest),
    ),
  );
}

function facts({ input, output, error, cause }) {
  return [
    error !== undefined && h('p.step-error', {}, h('strong', {}, error), ` ${message(cause)}`),
    h('p.soft', {}, 'Input'),
    json(input),
    output !== undefined && h('p.soft', {}, 'Output'),
    output !== undefined && json(output),
  ].filter((node) => node !== false);
}

/** A function's error is JSON with a trace, of which the message says enough here. */
function message(cause = '') {
  try {
    return JSON.parse(cause).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

function day(iso) {
  const date = new Date(iso);
  const options = { dateStyle: 'medium', timeStyle: 'short' };
  return h('time', { dateTime: iso, title: iso }, date.toLocaleString(undefined, options));
}

function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  const [unit, size] = units[first];
  const whole = Math.floor(seconds / size);
  const [minor, minorSize] = units[first + 1] ?? [];
  const rest = minorSize === undefined ? 0 : Math.floor((seconds % size) / minorSize);
  return rest > 0 ? `${whole} ${unit} ${rest} ${minor}` : `${whole} ${unit}`;
}
