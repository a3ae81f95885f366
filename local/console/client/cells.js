import { get, post } from './api.js';
import { h } from './dom.js';

/** How the AWS endpoints of a region that is down behave, as the control API names it. */
const FAILURES = [
  ['503', 'unavailable'],
  ['Connection cut', 'cut'],
  ['No answer', 'timeout'],
];
const DELAYS = [
  ['none', 0],
  ['500 ms', 500],
  ['2 s', 2000],
  ['10 s', 10_000],
];
/** What is chosen stays chosen while the page is redrawn. */
const draft = { failure: 'unavailable' };

export const cells = {
  title: 'Cells',
  async load() {
    const [all, replication] = await Promise.all([get('cells'), get('replication')]);
    return { all, replication };
  },
  render({ all, replication }, { act, redraw }) {
    const areSeveral = all.length > 1;
    return [
      h(
        'p.soft.lead',
        {},
        areSeveral
          ? 'A cell is one region with everything that its residents need. Any of them answers at the issuer.'
          : 'One cell, one region. Several of them: npm start -- --cells eu,us,ap',
      ),
      h('div.cards', {}, ...all.map((cell, index) => card(cell, index === 0, areSeveral, act))),
      ...(areSeveral ? [...outages(redraw), ...replicas(replication, act)] : []),
    ];
  },
};

function card({ name, region, url, tables, state, isEntry, residents }, isPrimary, several, act) {
  const isDown = state === 'down';
  return h(
    'article',
    { className: isDown ? 'card cell down' : 'card cell' },
    h(
      'div.row',
      {},
      h('h2.cell-name.grow', {}, name),
      h('span', { className: isDown ? 'badge bad' : 'badge good' }, isDown ? 'down' : 'up'),
    ),
    h(
      'div.row',
      {},
      h('span.badge', {}, region),
      several && isPrimary && h('span.badge', {}, 'primary'),
      several && isEntry && h('span.badge.accent', {}, 'answers the issuer'),
    ),
    h(
      'p.residents',
      {},
      h('strong.figure', {}, residents),
      residents === 1 ? ' resident' : ' residents',
    ),
    h('p', {}, h('a', { href: url, target: '_blank', rel: 'noreferrer' }, url)),
    h('ul.cell-tables', {}, ...tables.map((table) => h('li', {}, table))),
    several && buttons({ name, isDown, isEntry }, act),
  );
}

function buttons({ name, isDown, isEntry }, act) {
  const button = (label, path, body, isDisabled = false) =>
    h(
      'button.small',
      { type: 'button', disabled: isDisabled, onclick: () => act(() => post(path, body())) },
      label,
    );
  return h(
    'div.row.cell-actions',
    {},
    button('Answer the issuer', 'entry', () => ({ cell: name }), isEntry || isDown),
    isDown
      ? button('Bring up', 'cells', () => ({ name, state: 'up' }))
      : button('Take down', 'cells', () => ({ name, state: 'down', failure: draft.failure })),
  );
}

function outages(redraw) {
  return [
    h('h2', {}, 'Outages'),
    h('p.soft', {}, 'How the AWS endpoints of a cell that is taken down fail for the others.'),
    choices(FAILURES, draft.failure, (failure) => {
      draft.failure = failure;
      redraw();
    }),
  ];
}

function replicas({ delayMs, paused }, act) {
  const set = (change) => act(() => post('replication', change));
  return [
    h('h2', {}, 'Replication'),
    h('p.soft', {}, 'How far the replicas of the directory are behind the region that wrote.'),
    choices(DELAYS, delayMs, (wanted) => set({ delayMs: wanted }), [
      h(
        'button.small',
        { type: 'button', 'aria-pressed': paused, onclick: () => set({ paused: !paused }) },
        paused ? 'Paused: go on' : 'Pause',
      ),
    ]),
  ];
}

function choices(options, chosen, choose, others = []) {
  return h(
    'div.segments.wrap',
    {},
    ...options.map(([label, value]) =>
      h(
        'button.small',
        { type: 'button', 'aria-pressed': value === chosen, onclick: () => choose(value) },
        label,
      ),
    ),
    ...others,
  );
}
