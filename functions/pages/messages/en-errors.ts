import type { Text } from './text.ts';

/** What went wrong, on pages; `de-errors.ts` has the same in German. */
export const EN_ERRORS = {
  'error.prefix': 'Error',
  'error.summary': 'Please check:',

  'error.address-resting':
    'An account with this address was deleted a short while ago, so it cannot be used yet. Sign up with it once more, and we will mail you from when it can.',
  'error.address-taken': 'This address has an account by now. Please sign in.',
  'error.cell-away':
    'It is the region where you would go on. Nothing is lost: please try again in a few minutes.',
  'error.choose-country': 'Please choose your country.',
  'error.choose-place': 'Please choose a place.',
  'error.code-expired': 'This code has expired. Please ask for a new one.',
  'error.code-spent': 'Too many wrong codes. Please ask for a new one.',
  'error.code-exhausted':
    'Too many codes were tried for this address in the last 24 hours. Please open the link in the mail instead.',
  'error.code-used': 'This code has already been used.',
  'error.code-wrong': {
    count: 'left',
    one: 'This code is not right. You have {left} try left.',
    other: 'This code is not right. You have {left} tries left.',
  },
  'error.code-malformed': 'Please enter the six digits from the e-mail.',
  'error.credentials': 'E-mail or password is not right.',
  'error.current-password': 'This is not your current password.',
  'error.email-invalid': 'Please enter a complete address, like name@example.com.',
  'error.form-forged': 'This form did not come from this browser. Please start again.',
  'error.form-malformed': 'We cannot read what your browser sent. Please start again.',
  'error.form-too-large':
    'What your browser sent is longer than we can accept. Please shorten it and try again.',
  'error.form-type': 'What your browser sent is not one of our forms. Please start again.',
  'error.hand-over':
    'You were on the way to the region where your account is. That works for one minute, once, and in one browser only. Please begin again.',
  'error.internal': 'Something went wrong on our side. Please try again.',
  'error.link-invalid': 'This link has expired or has already been used. Please ask for a new one.',
  'error.locked': {
    count: 'minutes',
    one: 'Too many attempts. Please wait {minutes} minute, then try again.',
    other: 'Too many attempts. Please wait {minutes} minutes, then try again.',
  },
  'error.not-found': 'There is nothing at this address.',
  'error.page-expired': 'This page has been open for too long. Please start again.',
  'error.password-common': 'This password is easy to guess. Please choose another one.',
  'error.password-contains-address':
    'This password is too close to your address or our name. Please choose another one.',
  'error.password-too-long': {
    count: 'maximum',
    one: 'Please use no more than {maximum} character.',
    other: 'Please use no more than {maximum} characters.',
  },
  'error.password-too-short': {
    count: 'minimum',
    one: 'Please use at least {minimum} character.',
    other: 'Please use at least {minimum} characters.',
  },
  'error.password-unchanged': 'This is your current password. Please choose a new one.',
  'error.redirect-uri':
    'The app sent an address to return to that is not registered for it. Its maker has to mend this.',
  'error.request': 'The app sent a request that we cannot follow. Its maker has to mend this.',
  'error.required': 'Please fill this in.',
  'error.resend-too-soon': {
    count: 'seconds',
    one: 'We have just sent a code. You can ask for another one in {seconds} second.',
    other: 'We have just sent a code. You can ask for another one in {seconds} seconds.',
  },
  'error.self-registration-off':
    'New accounts cannot be created here. Please ask your contact person.',
  'error.session-ended': 'You were signed out in the meantime. Please sign in again.',
  'error.terms': 'Please accept the terms to continue.',
  'error.too-many-mails': {
    count: 'minutes',
    one: 'We have sent several e-mails already. Please wait {minutes} minute for the next one.',
    other: 'We have sent several e-mails already. Please wait {minutes} minutes for the next one.',
  },
  'error.unavailable':
    'We cannot do this right now. Nothing is lost: please try again in a moment.',
  'error.unknown-client':
    'We do not know the app that sent you here. Please go back and try again.',

  'error-title.address-resting': 'This address cannot be used yet',
  'error-title.address-taken': 'You already have an account',
  'error-title.cell-away': 'One of our regions does not answer',
  'error-title.form-forged': 'Please start again',
  'error-title.form-malformed': 'This did not arrive as it should',
  'error-title.form-too-large': 'That is too long',
  'error-title.hand-over': 'Please start again',
  'error-title.internal': 'Something went wrong',
  'error-title.link-invalid': 'This link no longer works',
  'error-title.not-found': 'Page not found',
  'error-title.page-expired': 'This page has expired',
  'error-title.request': 'This app’s request does not work',
  'error-title.self-registration-off': 'No sign-up here',
  'error-title.session-ended': 'You are no longer signed in',
  'error-title.unavailable': 'Please try again shortly',
  'error-details.request-id': 'Reference',
  'error-details.technical': 'For the maker of the app',
} as const satisfies Readonly<Record<string, Text>>;
