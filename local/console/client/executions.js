import { get, post } from './api.js';
import { day, empty, h } from './dom.js';
import { duration, message, steps } from './execution-steps.js';

/** The execution that is looked at: the newest one when the view opens, or the chosen one. */
const state = { arn: undefined, machine: undefined };
const SHOWN = 30;
const TONES = {
  RUNNING: 'accent',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'warn',
};
export const executions = {
  title: 'Executions',
  async load() {
    const [all, clock] = await Promise.all([get('executions'), get('clock')]);
    const machines = [...new Set(all.map(({ machine }) => machine))].toSorted();
    const chosen = all.filter(({ machine }) => [undefined, machine].includes(state.machine));
    const isShown = ({ arn }, index) => index < SHOWN || arn === state.arn;
    return { all: chosen.filter(isShown), machines, waits: secondsLeft(chosen, clock.now) };
  },
  render({ all, machines, waits }, { act, redraw, reload }) {
    if (all.length === 0) {
      return [
        empty(
          'No workflow has run yet',
          'Rotate the signing keys in the Keys view, or ask for an export of your data, and follow it here state by state.',
        ),
      ];
    }
    const open = all.find(({ arn }) => arn === state.arn) ?? all[0];
    // Kept open when newer runs begin, as they do when the clock is moved on.
    state.arn = open.arn;
    const choose = (arn) => () => {
      state.arn = arn;
      redraw();
    };
    return [
      machines.length > 1 && chooseMachine(machines, reload),
      h(
        'ul.runs',
        { 'aria-label': 'Runs of workflows, newest first' },
        ...all.map((run) => h('li', {}, chooser(run, run === open, choose(run.arn)))),
      ),
      ...details(open, waits[open.arn], act),
    ];
  },
};

function chooseMachine(machines, reload) {
  const button = (label, machine) =>
    h(
      'button.small',
      {
        type: 'button',
        'aria-pressed': state.machine === machine,
        onclick: () => {
          Object.assign(state, { machine, arn: undefined });
          reload();
        },
      },
      label,
    );
  return h(
    'div.segments.wrap',
    {},
    button('All', undefined),
    ...machines.map((machine) => button(machine, machine)),
  );
}

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
    h('span.soft', {}, day(startedAt)),
  );
}

function details(run, waitSeconds, act) {
  const { machine, name, region, startedAt, stoppedAt, redrives, error, cause } = run;
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
    run.awaitsAnswers > 0 &&
      h(
        'p.soft',
        {},
        `Waits for ${run.awaitsAnswers === 1 ? 'an answer' : `${run.awaitsAnswers} answers`}: see `,
        h('a', { href: '#/events' }, 'Events'),
        '.',
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
    steps(run),
  ];
}
