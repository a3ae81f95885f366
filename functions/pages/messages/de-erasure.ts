import type { EN_ERASURE } from './en-erasure.ts';

export const DE_ERASURE: Readonly<Record<keyof typeof EN_ERASURE, string>> = {
  'action.keep-account': 'Mein Konto behalten',
  'action.leave-account': 'Löschen lassen',
  'keep-account.title': 'Möchten Sie Ihr Konto behalten?',
  'keep-account.text':
    'Ihr Konto bei {product} wird ab dem {time} innerhalb einiger Stunden gelöscht.',
  'keep-account.held':
    'Ihr Konto bei {product} soll gelöscht werden. Ein Gesetz verpflichtet uns, es noch aufzubewahren; deshalb gibt es das Konto noch.',
  'keep-account.until': 'Bis dahin können Sie es behalten, und alles bleibt, wie es war.',
  'keep-account.leave-text':
    'Wenn Sie nichts tun, wird es wie geplant gelöscht. Anmelden können Sie sich erst wieder, wenn Sie es behalten möchten.',
  'account-kept.title': 'Ihr Konto bleibt bestehen',
  'account-kept.text':
    'Ihr Konto bei {product} wird nicht gelöscht. Alles ist, wie es war; Apps bitten Sie vielleicht, sich neu anzumelden.',
  'error-title.account-erased': 'Dieses Konto lässt sich nicht mehr behalten',
  'error.account-erased':
    'Das Konto wird gerade gelöscht oder ist es schon. Das lässt sich nicht rückgängig machen.',
  'mail.erasure-asked.subject': 'Ihr Konto bei {product} wird gelöscht',
  'mail.erasure-asked.text':
    'Ihr Konto bei {product} wird mit allem, was dazugehört, ab dem {time} innerhalb einiger Stunden gelöscht. Sie wurden abgemeldet, und Apps verlieren ihren Zugang; eine, in der Sie noch angemeldet sind, merkt es vielleicht erst nach einer Weile.',
  'mail.erasure-asked.keep':
    'Möchten Sie es doch behalten, oder waren Sie das nicht? Bis die Löschung beginnt, können Sie das Konto hier behalten:',
  'mail.erasure-asked.button': 'Mein Konto behalten',
  'mail.erasure-asked.now': 'Das beginnt sofort und lässt sich nicht rückgängig machen.',
  'mail.erasure-undone.subject': 'Ihr Konto bei {product} bleibt bestehen',
  'mail.erasure-undone.text':
    'Ihr Konto bei {product} wird nicht gelöscht. Alles ist, wie es war; Apps bitten Sie vielleicht, sich neu anzumelden.',
  'mail.erasure-undone.ignore':
    'Wenn Sie das nicht wollten, melden Sie sich an und beantragen Sie die Löschung noch einmal. Wählen Sie dann bitte auch ein neues Passwort.',
  'mail.erasure-done.subject': 'Ihr Konto bei {product} wurde gelöscht',
  'mail.erasure-done.text':
    'Ihr Konto bei {product} wurde mit allem, was dazugehörte, gelöscht. Der Schlüssel, mit dem Ihr Profil verschlüsselt war, ist vernichtet; ab dem {time} lässt es sich auch in keiner Sicherungskopie mehr lesen.',
  'mail.erasure-done.certificate':
    'Diese von uns unterschriebene Bescheinigung sagt, was wo und wann gelöscht wurde und was noch bleibt. Wer ihre Adresse hat, kann sie prüfen; heben Sie sie deshalb gut auf:',
  'mail.erasure-done.button': 'Bescheinigung der Löschung',
  'mail.erasure-done.last':
    'Das ist unsere letzte E-Mail an Sie: Ihre Adresse haben wir von jetzt an nicht mehr.',
};
