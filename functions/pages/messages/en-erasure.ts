/** About deleting an account; `de-erasure.ts` has the same in German. */
export const EN_ERASURE = {
  'action.keep-account': 'Keep my account',
  'action.leave-account': 'Let it be deleted',
  'keep-account.title': 'Keep your account?',
  'keep-account.text': 'Your {product} account will be deleted from {time} on, within some hours.',
  'keep-account.held':
    'Your {product} account is to be deleted. A law requires us to keep it a little longer, so that it is still there.',
  'keep-account.until': 'Until then you can keep it, and everything stays as it was.',
  'keep-account.leave-text':
    'If you do nothing, it is deleted as planned. You cannot sign in to it until you decide to keep it.',
  'account-kept.title': 'Your account stays',
  'account-kept.text':
    'Your {product} account will not be deleted. Everything is as it was; apps may ask you to sign in again.',
  'error-title.account-erased': 'It is too late to keep this account',
  'error.account-erased': 'The account is being deleted, or has been. This cannot be undone.',
  'mail.erasure-asked.subject': 'Your {product} account will be deleted',
  'mail.erasure-asked.text':
    'your {product} account, with everything that belongs to it, will be deleted from {time} on, within some hours. You have been signed out, and apps lose their access; one where you are still signed in may take a while to notice.',
  'mail.erasure-asked.keep':
    'Changed your mind, or was this not you? Until the deletion begins, you can keep your account:',
  'mail.erasure-asked.button': 'Keep my account',
  'mail.erasure-asked.now': 'This begins right away and cannot be undone.',
  'mail.erasure-undone.subject': 'Your {product} account stays',
  'mail.erasure-undone.text':
    'your {product} account will not be deleted. Everything is as it was; apps may ask you to sign in again.',
  'mail.erasure-undone.ignore':
    'If you did not want this, sign in and ask for the deletion once more. Please choose a new password then, too.',
  'mail.erasure-done.subject': 'Your {product} account has been deleted',
  'mail.erasure-done.text':
    'your {product} account has been deleted, with everything that belonged to it. The key that your profile was encrypted with is destroyed; from {time} on it cannot be read in any backup either.',
  'mail.erasure-done.certificate':
    'This certificate, signed by us, says what was deleted where and when, and what is kept. Anybody who has its address can check it, so keep it well:',
  'mail.erasure-done.button': 'Certificate of deletion',
  'mail.erasure-done.last':
    'This is our last e-mail to you: we no longer have your address from now on.',
} as const;
