import { EN_CONSENTS } from './en-consents.ts';
import { EN_ERASURE } from './en-erasure.ts';
import { EN_EXPORT } from './en-export.ts';
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

  'notice.code-sent': 'We sent you a new code. Earlier ones no longer work.',
  'notice.other-sessions-ended': 'You are signed out everywhere else.',
  'notice.password-changed': 'Your password has been changed. Your other devices are signed out.',
  'notice.session-ended': 'The device has been signed out.',

  'mail.greeting': 'Hello,',
  'mail.ignore':
    'If this was not you, you can ignore this e-mail. Nothing happens without the code.',
  'mail.code-lifetime': {
    count: 'minutes',
    one: 'It is valid for {minutes} minute. Never tell it to anybody, not even to us.',
    other: 'It is valid for {minutes} minutes. Never tell it to anybody, not even to us.',
  },
  'mail.sender': 'This e-mail was sent by {product}.',
  'mail.confirm-address.subject': 'Confirm your e-mail address for {product}',
  'mail.confirm-address.text': 'Welcome to {product}. Enter this code to confirm your address:',
  'mail.confirm-address.link': 'Or open this link:',
  'mail.confirm-address.button': 'Confirm address',
  'mail.address-known.subject': 'You already have an account with {product}',
  'mail.address-known.text':
    'Somebody, probably you, wanted to create an account with {product} for this address. You already have one, so just sign in:',
  'mail.address-known.button': 'Sign in',
  'mail.address-known.recover': 'Forgot your password? Choose a new one here:',
  'mail.address-known.recover-button': 'Choose a new password',
  'mail.address-known.ignore':
    'If this was not you, you can ignore this e-mail. Nothing has changed.',
  'mail.address-resting.subject': 'Your address and {product}',
  'mail.address-resting.text':
    'Somebody, probably you, wanted to create an account with {product} for this address. The account that it had was deleted. To keep anybody else from taking it over, it cannot be used again until {time}. After that, just sign up.',
  'mail.address-resting.ignore':
    'If this was not you, you can ignore this e-mail. Nothing has changed.',
  'mail.reset-password.subject': 'Your code for a new {product} password',
  'mail.reset-password.text': 'Enter this code to choose a new password for {product}:',
  'mail.reset-password.link': 'Or open this link:',
  'mail.reset-password.button': 'Choose a new password',
  'mail.no-account.subject': 'No account with {product} for this address',
  'mail.no-account.text':
    'Somebody, probably you, asked for a new password for {product}. There is no account for this address. Perhaps you signed up with another one?',
  'mail.no-account.sign-up': 'You can create an account here:',
  'mail.no-account.button': 'Create account',
  'mail.no-account.ignore': 'If this was not you, you can ignore this e-mail.',
  'mail.password-changed.subject': 'Your {product} password has been changed',
  'mail.password-changed.text':
    'The password of your {product} account was changed on {time}. All other devices were signed out.',
  'mail.password-changed.recover':
    'If this was not you, choose a new password at once, so that nobody else gets in:',
  'mail.password-changed.button': 'Choose a new password',
} as const satisfies Readonly<Record<string, Text>>;

/**
 * English: the reference. Its keys are the keys that every other language must have. Assigned, not
 * spread: hundreds of properties by spread cost a cold start five times as much to build.
 */
export const en = Object.assign(
  Object.assign({}, EN_WORDS, EN_CONSENTS, EN_ERASURE),
  EN_EXPORT,
  EN_PLACES,
  EN_PRIVACY,
);

/** What a language file must be: the same keys, nothing else. */
export type Messages = Readonly<Record<keyof typeof en, Text>>;
