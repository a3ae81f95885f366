import { get } from './api.js';
import { empty, h, json, time } from './dom.js';

const state = { function: 'all' };
const SHOWN = 200;

export const logs = {
  title: 'Logs',
  load: () => get('logs'),
  render(entries, { redraw }) {
    if (entries.length === 0) {
      return [empty('No log line yet', 'What functions write to their log groups appears here.')];
    }
    const names = ['all', ...new Set(entries.map((entry) => entry.function))];
    const choose = (name) => () => {
      state.function = name;
      redraw();
    };
    const shown = entries.filter(
      (entry) => state.function === 'all' || entry.function === state.function,
    );
    return [
      h(
        'div.segments.wrap',
        {},
        ...names.map((name) =>
          h(
            'button.small',
            { type: 'button', 'aria-pressed': name === state.function, onclick: choose(name) },
            name,
          ),
        ),
      ),
      h('ul.log', {}, ...shown.slice(0, SHOWN).map(line)),
    ];
  },
};

function line({ at, function: name, region, stream, message, requestId }, index) {
  const isStructured = typeof message === 'object' && message !== null;
  const level = stream === 'platform' ? 'LOCAL' : (message.level ?? (message._aws ? 'METRIC' : ''));
  const text = isStructured ? describe(message) : String(message);
  return h(
    'li',
    { className: `log-line level-${String(level).toLowerCase()}` },
    h(
      'details',
      { 'data-key': `${at} ${requestId} ${index}` },
      h(
        'summary.log-summary',
        {},
        h('span.soft', {}, time(at)),
        h('span.badge', {}, level || stream),
        h('span.soft', {}, `${name} ${region}`),
        h('span.grow', {}, text),
      ),
      isStructured ? json(message) : h('pre.json', {}, text),
    ),
  );
}

function describe(message) {
  if (message._aws !== undefined) return describeMetrics(message);
  // Functions log a message, workflows the type of an event with its details.
  const { route = '', status = '', message: text = '', errorMessage = '', type = '' } = message;
  const error = Object.values(message.details ?? {})[0]?.error ?? '';
  return [text, errorMessage, route, status, type, error].filter((part) => part !== '').join(' ');
}

/** Embedded metric format: the names stand in `_aws`, the values beside it. */
function describeMetrics(message) {
  const names = message._aws.CloudWatchMetrics.flatMap(({ Metrics }) =>
    Metrics.map(({ Name }) => Name),
  );
  return names.map((name) => `${name} ${message[name]}`).join(', ');
}
