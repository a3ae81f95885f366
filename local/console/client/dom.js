/**
 * An element with properties and children; text is always text, never markup.
 *
 * @param {string} tag `div`, or `div.class`
 * @param {Record<string, unknown>} properties `on…` are listeners, `data-…` and `aria-…` attributes
 * @param {...(Node | string | number | undefined | false)} children
 */
export function h(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) setProperty(element, key, value);
  const shown = children.flat().filter((child) => child !== undefined && child !== false);
  element.append(...shown.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

function setProperty(element, key, value) {
  const isState = key.startsWith('aria-');
  if (value === undefined || (value === false && !isState)) return;
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key in element && !key.includes('-')) element[key] = value;
  else element.setAttribute(key, String(value));
}

/** What stands where there is nothing yet. */
export function empty(title, hint) {
  return h('div.empty', {}, h('p.empty-title', {}, title), h('p', {}, hint));
}

/** A button that copies, and says so. */
export function copyButton(text, label) {
  const button = h(
    'button.small',
    {
      type: 'button',
      'aria-label': `${label} ${text}`,
      onclick: async () => {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
        setTimeout(() => {
          button.textContent = label;
        }, 1500);
      },
    },
    label,
  );
  return button;
}

export function time(iso) {
  const date = new Date(iso);
  return h('time', { dateTime: iso, title: iso }, date.toLocaleTimeString());
}

/** With the day, for what a moved clock leaves days apart. */
export function day(iso) {
  const date = new Date(iso);
  const options = { dateStyle: 'medium', timeStyle: 'short' };
  return h('time', { dateTime: iso, title: iso }, date.toLocaleString(undefined, options));
}

/** In a sequence, the day where it is another than the one before. */
export function moment(iso, before) {
  const dayOf = (at) => new Date(at).toDateString();
  return before !== undefined && dayOf(iso) === dayOf(before) ? time(iso) : day(iso);
}

export function json(value) {
  return h('pre.json', { tabIndex: 0 }, JSON.stringify(value, null, 2));
}
