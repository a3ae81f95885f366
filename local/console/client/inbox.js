import { get } from './api.js';
import { copyButton, day, empty, h } from './dom.js';

/** Which message is open, and how it is shown. */
const state = { id: undefined, isText: false };

export const inbox = {
  title: 'Inbox',
  load: () => get('inbox'),
  render(messages, { redraw }) {
    if (messages.length === 0) {
      return [empty('No mail yet', 'Sign up in the shop: the confirmation code arrives here.')];
    }
    const open = messages.find(({ id }) => id === state.id) ?? messages[0];
    return [
      h(
        'div.mailbox',
        {},
        h('ul.mails', {}, ...messages.map((message) => line(message, message === open, redraw))),
        reader(open, redraw),
      ),
    ];
  },
};

function line(message, isOpen, redraw) {
  const open = () => {
    state.id = message.id;
    redraw();
  };
  return h(
    'li',
    {},
    h(
      'button.mail',
      { type: 'button', 'aria-current': isOpen ? 'true' : 'false', onclick: open },
      h('span.mail-to', {}, message.to),
      h('span.mail-subject', {}, message.subject),
      h('span.soft', {}, day(message.at)),
    ),
  );
}

function reader(message, redraw) {
  const show = (isText) => () => {
    state.isText = isText;
    redraw();
  };
  return h(
    'article.card.reader',
    {},
    h('h2.reader-title', {}, message.subject),
    h('p.soft.reader-line', {}, message.from, ' to ', message.to, ', ', day(message.at)),
    h(
      'div.row.reader-actions',
      {},
      ...message.codes.map((code) => h('span.code', {}, code, copyButton(code, 'Copy code'))),
      h('span.grow', {}),
      h(
        'span.segments',
        {},
        h(
          'button.small',
          { type: 'button', 'aria-pressed': !state.isText, onclick: show(false) },
          'Mail',
        ),
        h(
          'button.small',
          { type: 'button', 'aria-pressed': state.isText, onclick: show(true) },
          'Text',
        ),
      ),
    ),
    state.isText
      ? h('pre.json', { tabIndex: 0 }, message.text)
      : h('iframe', {
          src: `/_local/api/mail/${message.id}`,
          title: message.subject,
          sandbox: 'allow-popups allow-popups-to-escape-sandbox',
        }),
  );
}
