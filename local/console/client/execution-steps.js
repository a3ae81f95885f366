import { h, json, moment } from './dom.js';

/** Of a long run: a loop may have gone round hundreds of times. */
const SHOWN_FIRST = 20;
const SHOWN_LAST = 100;
const WORDS = {
  running: 'at work',
  succeeded: 'done',
  caught: 'failed, caught',
  failed: 'failed',
  aborted: 'cut off',
};

/** Beginning and end of a long run, which are what is looked for. */
export function steps({ states, arn }) {
  const all = states.map((one, index) => ({
    ...one,
    index,
    before: states[index - 1]?.enteredAt,
  }));
  const left = all.length - SHOWN_FIRST - SHOWN_LAST;
  const lines = (some) => some.map(({ index, ...one }) => step(one, index, arn));
  if (left <= 0) return h('ol.steps', {}, ...lines(all));
  return h(
    'ol.steps',
    {},
    ...lines(all.slice(0, SHOWN_FIRST)),
    h('li.step.soft', {}, `${left} more in between`),
    ...lines(all.slice(-SHOWN_LAST)),
  );
}

function step(state, index, arn) {
  const { path, name, type, status, enteredAt, exitedAt, before, attempts, ...rest } = state;
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
        h(
          'span.soft.step-time',
          {},
          tookMs === undefined ? 'since ' : '',
          moment(enteredAt, before),
        ),
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
export function message(cause = '') {
  try {
    return JSON.parse(cause).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

/** As people say it, in two units at most. */
export function duration(seconds) {
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
