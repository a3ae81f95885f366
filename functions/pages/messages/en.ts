import { EN_CONSENTS } from './en-consents.ts';
import { EN_ERASURE } from './en-erasure.ts';
import { EN_ERRORS } from './en-errors.ts';
import { EN_EXPORT } from './en-export.ts';
import { EN_HISTORY } from './en-history.ts';
import { EN_MAILS } from './en-mails.ts';
import { EN_PLACES } from './en-places.ts';
import { EN_PRIVACY } from './en-privacy.ts';
import type { Text } from './text.ts';

export const EN_WORDS = {
  'action.allow': 'Allow',
  'action.back-to-account': 'Back to your account',
  'action.change-country': 'Choose another country',
  'action.change-password': 'Change password',
  'action.change-address': 'Use a different address',
  'action.confirm': 'Confirm',
  'action.confirm-address': 'Confirm address',
  'action.continue': 'Continue',
  'action.create-account': 'Create account',
  'action.deny': 'Don’t allow',
  'action.end-other-sessions': 'Sign out everywhere else',
  'action.end-session': 'Sign out',
  'action.end-session-of': 'Sign out {device}',
  'action.other-account': 'Use another account',
  'action.recover': 'Forgot password?',
  'action.resend': 'Send a new code',
  'action.retry': 'Try again',
  'action.save-password': 'Save new password',
  'action.send-code': 'Send code',
  'action.sign-in': 'Sign in',
  'action.sign-in-instead': 'Sign in instead',
  'action.sign-out': 'Sign out',
  'action.to-account': 'Go to your account',

  'field.country': 'Country or territory',
  'field.code': 'Code from the e-mail',
  'field.current-password': 'Current password',
  'field.email': 'E-mail address',
  'field.new-password': 'New password',
  'field.password': 'Password',
  'field.terms': 'Terms',
  'hint.code': 'Six digits',
  'hint.password': {
    count: 'minimum',
    one: 'At least {minimum} character. A few random words make a good one.',
    other: 'At least {minimum} characters. A few random words make a good one.',
  },

  'identify.title': 'Sign in',
  'sign-in.title': 'Sign in',
  'sign-in.account': 'with your {product} account',
  'sign-in.no-account': 'New here?',

  'sign-up-region.title': 'Where your data will live',
  'sign-up-region.text':
    'Your country decides where your account and your data are kept. That stays so, wherever you sign in from.',
  'sign-up-region.prompt': 'Please choose',
  'sign-up-region.other': 'None of these',
  'sign-up-region.places': 'Your account will be kept in one of these places:',
  'sign-up-region.next': 'We say which one before you enter anything.',
  'sign-up-region.place': 'Place',
  'sign-up-region.place-text':
    'Please choose the place. It stays the same, wherever you sign in from.',
  'sign-up-region.not-offered':
    'The usual place for your country, {country}, is not offered here. These are:',

  'sign-up.title': 'Create your account',
  'sign-up.home': 'Your account and your data will be kept here: {place}.',
  'sign-up.home-country': 'Your country: {country}.',
  'sign-up.have-account': 'Already have an account?',
  'sign-up.terms': 'I accept the {terms}.',
  'sign-up.terms-link': 'terms of use',
  'sign-up.privacy': 'Our {privacy} says what happens with your data.',
  'sign-up.privacy-link': 'privacy notice',

  'verify.title': 'Check your inbox',
  'verify.text':
    'We sent a six-digit code to {email}. Enter it here, or open the link in the e-mail.',
  'verify.nothing': 'Nothing there yet? Look in your spam folder, too.',

  'verify-link.title': 'Confirm your address',
  'verify-link.text': 'Is {email} yours? Confirm it to finish creating your account.',
  'verify-link.text-password':
    'To finish creating the account for {email}, enter the password that you chose when you signed up.',

  'recover.title': 'Forgot your password?',
  'recover.text': 'Tell us your e-mail address, and we send you a code for choosing a new one.',
  'recover.remembered': 'Remembered it?',

  'reset.title': 'Choose a new password',
  'reset.text': 'We sent a six-digit code to {email}.',
  'reset.text-address-hidden': 'We sent you an e-mail with a six-digit code.',
  'reset.consequence': 'You will be signed out on all your other devices.',

  'consent.title': 'Allow access?',
  'consent.text': '{client} would like to:',
  'consent.signed-in-as': 'Signed in as {email}',
  'consent.policies': 'What {client} does with your data is up to its own policies.',

  'scope.openid': 'know who you are when you sign in',
  'scope.email': 'see your e-mail address',
  'scope.profile': 'see your profile, such as your language',
  'scope.offline_access': 'keep its access while you are away',
  'scope.other': 'use “{scope}”',

  'sign-out.title': 'Sign out?',
  'sign-out.text': 'You will be signed out of {product} in this browser.',
  'signed-out.title': 'You are signed out',
  'signed-out.text': 'See you soon. On a shared device, close the browser as well.',

  'account.title': 'Your account',
  'account.address': 'E-mail address',
  'account.password': 'Password',
  'account.password-text': 'Choose one that you use nowhere else.',
  'account.sessions': 'Where you are signed in',
  'account.sessions-text': 'Something you don’t recognise? Sign it out and change your password.',
  'account.this-device': 'This device',
  'account.unknown-device': 'Unknown device',
  'account.last-seen': 'Last active {time}',
  'account.signed-in-at': 'Signed in {time}',

  'password.title': 'Change your password',
  'password.consequence': 'Your other devices will be signed out.',

  'form-post.title': 'One moment',
  'form-post.text': 'You are being sent back to {client}.',
  'form-post.text-no-client': 'You are being sent back.',

  'footer.privacy': 'Privacy',
  'footer.terms': 'Terms',
  'footer.language': 'Language',
  'notice.code-sent': 'We sent you a new code. Earlier ones no longer work.',
  'notice.other-sessions-ended': 'You are signed out everywhere else.',
  'notice.password-changed': 'Your password has been changed. Your other devices are signed out.',
  'notice.session-ended': 'The device has been signed out.',
} as const satisfies Readonly<Record<string, Text>>;

/**
 * English: the reference. Its keys are the keys that every other language must have. Assigned, not
 * spread: hundreds of properties by spread cost a cold start five times as much to build.
 */
export const en = Object.assign(
  Object.assign({}, EN_WORDS, EN_ERRORS, EN_MAILS),
  Object.assign({}, EN_CONSENTS, EN_ERASURE, EN_EXPORT),
  EN_PLACES,
  Object.assign({}, EN_HISTORY, EN_PRIVACY),
);

/** What a language file must be: the same keys, nothing else. */
export type Messages = Readonly<Record<keyof typeof en, Text>>;
