import { get, post, remove } from './api.js';
import { h } from './dom.js';

const KINDS = ['throttle', 'error', 'timeout', 'crash-before', 'crash-after'];
const SERVICES = ['dynamodb', 'kms', 'ses', 'lambda', 's3', 'states', 'events', '*'];
const ADVANCES = [
  ['1 minute', 60],
  ['10 minutes', 600],
  ['1 hour', 3600],
  ['1 day', 86_400],
  ['14 days', 14 * 86_400],
  ['30 days', 30 * 86_400],
];
/** What is typed stays typed while the page is redrawn. */
const draft = { service: 'dynamodb', operation: '*', kind: 'throttle', times: 1 };

export const controls = {
  title: 'Clock and faults',
  async load() {
    const [clock, faults] = await Promise.all([get('clock'), get('faults')]);
    return { offsetSeconds: clock.offsetSeconds, now: clock.now.slice(0, 16), faults };
  },
  render({ now, offsetSeconds, faults }, { act }) {
    return [
      h('h2', {}, 'Clock'),
      h(
        'p',
        {},
        h('strong', {}, `${now.replace('T', ' ')} UTC`),
        h('span.soft', {}, offsetSeconds === 0 ? ', on time' : `, ${span(offsetSeconds)} ahead`),
      ),
      h(
        'div.segments.wrap',
        {},
        ...ADVANCES.map(([label, advanceSeconds]) =>
          h(
            'button.small',
            { type: 'button', onclick: () => act(() => post('clock', { advanceSeconds })) },
            `+ ${label}`,
          ),
        ),
      ),
      h('p.soft', {}, 'Moves the clock of every function, token, session and TTL.'),
      h('h2', {}, 'Faults'),
      form(act),
      active(faults, act),
      h('h2', {}, 'Reset'),
      h('p.soft', {}, 'Back to the seed: accounts, sessions, mails, faults and the clock.'),
      h('button.danger', { type: 'button', onclick: () => confirmReset(act) }, 'Reset everything'),
    ];
  },
};

function form(act) {
  const field = (name, label, input) => {
    input.addEventListener('input', () => {
      draft[name] = input.type === 'number' ? Number(input.value) : input.value;
    });
    return h('label', {}, h('span.label', {}, label), input);
  };
  const select = (options, value) =>
    h(
      'select',
      {},
      ...options.map((option) => h('option', { selected: option === value }, option)),
    );
  const submit = (event) => {
    event.preventDefault();
    act(() => post('faults', draft));
  };
  return h(
    'form.card.fault',
    { onsubmit: submit },
    field('service', 'Service', select(SERVICES, draft.service)),
    field('operation', 'Operation', h('input', { value: draft.operation, required: true })),
    field('kind', 'Fault', select(KINDS, draft.kind)),
    field('times', 'Times', h('input', { type: 'number', min: 1, value: draft.times })),
    h('button', {}, 'Inject'),
  );
}

function active(faults, act) {
  if (faults.length === 0) return h('p.soft', {}, 'Nothing is disturbed.');
  return h(
    'div.row',
    {},
    ...faults.map(({ service, operation, kind, times }) =>
      h('span.badge.warn', {}, `${service} ${operation}: ${kind}, ${times} to come`),
    ),
    h('button.small', { type: 'button', onclick: () => act(() => remove('faults')) }, 'Clear'),
  );
}

function confirmReset(act) {
  const dialog = h(
    'dialog',
    { onclose: () => dialog.remove() },
    h('h2.dialog-title', {}, 'Reset everything?'),
    h(
      'p',
      {},
      'Accounts, sessions, tokens and mails are gone. The seeded clients stay as they are.',
    ),
    h(
      'div.row.dialog-actions',
      {},
      h('button.quiet', { type: 'button', onclick: () => dialog.close() }, 'Keep'),
      h(
        'button.danger',
        {
          type: 'button',
          onclick: () => {
            dialog.close();
            act(() => post('reset'));
          },
        },
        'Reset',
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

function span(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return [days && `${days} d`, hours && `${hours} h`, minutes && `${minutes} min`]
    .filter(Boolean)
    .join(' ');
}
