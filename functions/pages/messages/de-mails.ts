import type { EN_MAILS } from './en-mails.ts';
import type { Text } from './text.ts';

/** As `en-mails.ts`, in German. */
export const DE_MAILS: Readonly<Record<keyof typeof EN_MAILS, Text>> = {
  'mail.greeting': 'Guten Tag,',
  'mail.ignore':
    'Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren. Ohne den Code geschieht nichts.',
  'mail.code-lifetime': {
    count: 'minutes',
    one: 'Er gilt {minutes} Minute. Geben Sie ihn niemandem weiter, auch uns nicht.',
    other: 'Er gilt {minutes} Minuten. Geben Sie ihn niemandem weiter, auch uns nicht.',
  },
  'mail.sender': 'Diese E-Mail kommt von {product}.',
  'mail.confirm-address.subject': 'Bestätigen Sie Ihre E-Mail-Adresse für {product}',
  'mail.confirm-address.text':
    'willkommen bei {product}. Mit diesem Code bestätigen Sie Ihre Adresse:',
  'mail.confirm-address.link': 'Oder öffnen Sie diesen Link:',
  'mail.confirm-address.button': 'Adresse bestätigen',
  'mail.address-known.subject': 'Sie haben schon ein Konto bei {product}',
  'mail.address-known.text':
    'jemand, vermutlich Sie selbst, wollte für diese Adresse ein Konto bei {product} anlegen. Sie haben schon eines, melden Sie sich einfach an:',
  'mail.address-known.button': 'Anmelden',
  'mail.address-known.recover': 'Passwort vergessen? Hier wählen Sie ein neues:',
  'mail.address-known.recover-button': 'Neues Passwort wählen',
  'mail.address-known.ignore':
    'Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren. Es hat sich nichts geändert.',
  'mail.address-resting.subject': 'Ihre Adresse und {product}',
  'mail.address-resting.text':
    'jemand, vermutlich Sie selbst, wollte für diese Adresse ein Konto bei {product} anlegen. Das Konto, das sie hatte, wurde gelöscht. Damit niemand anderes sie übernimmt, ist die Adresse bis {time} gesperrt. Danach können Sie sich einfach wieder registrieren.',
  'mail.address-resting.ignore':
    'Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren. Es hat sich nichts geändert.',
  'mail.reset-password.subject': 'Ihr Code für ein neues Passwort bei {product}',
  'mail.reset-password.text': 'mit diesem Code wählen Sie ein neues Passwort für {product}:',
  'mail.reset-password.link': 'Oder öffnen Sie diesen Link:',
  'mail.reset-password.button': 'Neues Passwort wählen',
  'mail.no-account.subject': 'Kein Konto bei {product} für diese Adresse',
  'mail.no-account.text':
    'jemand, vermutlich Sie selbst, hat ein neues Passwort für {product} angefordert. Für diese Adresse gibt es kein Konto. Haben Sie sich vielleicht mit einer anderen registriert?',
  'mail.no-account.sign-up': 'Hier können Sie ein Konto anlegen:',
  'mail.no-account.button': 'Konto anlegen',
  'mail.no-account.ignore': 'Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren.',
  'mail.password-changed.subject': 'Ihr Passwort bei {product} wurde geändert',
  'mail.password-changed.text':
    'das Passwort Ihres Kontos bei {product} wurde am {time} geändert. Alle anderen Geräte wurden abgemeldet.',
  'mail.password-changed.recover':
    'Wenn Sie das nicht waren, wählen Sie bitte sofort ein neues Passwort, damit niemand sonst hineinkommt:',
  'mail.password-changed.button': 'Neues Passwort wählen',
};
