import { get } from './api.js';
import { empty, h } from './dom.js';

/** Region and name of the table that is open. */
const state = { key: undefined };
const SHOWN_ITEMS = 200;
/** Attributes that hold ciphertext (docs/data-model.md). */
const SEALED = new Set(['attributes', 'sealed', 'wrapped', 'userAgent']);

export const tables = {
  title: 'Tables',
  async load() {
    const cells = await get('cells');
    const all = cells.flatMap(({ region, tables: names }) =>
      names.map((name) => ({ region, name, key: `${region}/${name}` })),
    );
    const open = all.find(({ key }) => key === state.key) ?? all[0];
    const items = open === undefined ? [] : await get(`tables/${open.key}`);
    return { all, open, items };
  },
  render({ all, open, items }, { reload }) {
    const choose = (key) => () => {
      state.key = key;
      reload();
    };
    const regions = Map.groupBy(all, ({ region }) => region);
    return [
      ...[...regions].map(([region, own]) =>
        h(
          'div.segments.wrap.region',
          {},
          h('span.region-name', {}, region),
          ...own.map(({ name, key }) =>
            h(
              'button.small',
              { type: 'button', 'aria-pressed': key === open?.key, onclick: choose(key) },
              name,
            ),
          ),
        ),
      ),
      h(
        'p.soft',
        {},
        `${items.length} ${items.length === 1 ? 'item' : 'items'}, as stored. `,
        h('span.sealed', {}, 'Sealed'),
        ' values are ciphertext: the table alone cannot say what they are.',
      ),
      ...(items.length === 0
        ? [empty('This table is empty', 'Items appear here as soon as they are written.')]
        : items.slice(0, SHOWN_ITEMS).map(item)),
    ];
  },
};

function item(attributes) {
  const { pk, sk, ...others } = attributes;
  return h(
    'details.card.item',
    { 'data-key': `${pk} ${sk}` },
    h('summary', {}, h('code.partition', {}, pk), h('span.badge.long', {}, sk)),
    h('dl', {}, ...Object.entries(others).flatMap(([name, value]) => attribute(name, value))),
  );
}

function attribute(name, value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return [
    h('dt', {}, name),
    h('dd', {}, SEALED.has(name) && h('span.sealed', {}, 'Sealed'), h('pre', {}, text)),
  ];
}
