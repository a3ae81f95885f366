import { buckets } from './buckets.js';
import { calls } from './calls.js';
import { cells } from './cells.js';
import { controls } from './controls.js';
import { h } from './dom.js';
import { events } from './events.js';
import { executions } from './executions.js';
import { grants } from './grants.js';
import { inbox } from './inbox.js';
import { keys } from './keys.js';
import { logs } from './logs.js';
import { overview } from './overview.js';
import { tables } from './tables.js';

const VIEWS = {
  ...{ overview, cells, inbox, calls, tables, buckets, logs, keys },
  ...{ executions, events, grants, controls },
};
const POLL_MS = 2000;

const navigation = document.querySelector('nav');
const main = document.querySelector('main');
const banner = document.querySelector('#banner');

/** What is on the page now, so that nothing is redrawn that has not changed. */
const shown = { name: '', text: '', data: undefined };

/** `#/inbox` is a view, `#inbox` would be a place within this page; it is understood as well. */
function currentName() {
  const name = location.hash.replace(/^#\/?/, '');
  return Object.hasOwn(VIEWS, name) ? name : 'overview';
}

function drawNavigation(name) {
  navigation.replaceChildren(
    ...Object.entries(VIEWS).map(([key, { title }]) =>
      h('a', { href: `#/${key}`, 'aria-current': key === name ? 'page' : 'false' }, title),
    ),
  );
  // On a narrow screen the tabs scroll sideways.
  navigation
    .querySelector('[aria-current=page]')
    ?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

function draw() {
  const view = VIEWS[shown.name];
  const openKeys = new Set(
    [...main.querySelectorAll('details[open][data-key]')].map((one) => one.dataset.key),
  );
  const nodes = view.render(shown.data, { redraw: draw, reload: () => refresh(true), act });
  main.replaceChildren(h('h1', {}, view.title), ...nodes.filter((node) => node instanceof Node));
  for (const details of main.querySelectorAll('details[data-key]')) {
    details.open = openKeys.has(details.dataset.key);
  }
}

async function refresh(isForced = false) {
  const name = currentName();
  try {
    const data = await VIEWS[name].load();
    if (name !== currentName()) return;
    banner.hidden = true;
    const text = JSON.stringify(data);
    const isNew = name !== shown.name;
    if (!isForced && !isNew && text === shown.text) return;
    // A redraw would take the focus out of a form that is being filled in.
    if (!isForced && !isNew && main.contains(document.activeElement?.closest?.('form'))) return;
    Object.assign(shown, { name, text, data });
    if (isNew) drawNavigation(name);
    draw();
  } catch (error) {
    banner.textContent =
      error instanceof TypeError
        ? 'The local cloud does not answer. Is npm start still running?'
        : error.message;
    banner.hidden = false;
  }
}

/** Does something to the cloud, then shows what came of it. */
async function act(work) {
  try {
    await work();
    await refresh(true);
  } catch (error) {
    banner.textContent = error.message;
    banner.hidden = false;
  }
}

addEventListener('hashchange', () => refresh(true));
setInterval(() => {
  if (!document.hidden) refresh();
}, POLL_MS);
drawNavigation(currentName());
refresh(true);
