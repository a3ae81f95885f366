import type { Text } from './text.ts';

/**
 * Mails about accounts; those about erasures and exports stand beside what their pages say.
 * `de-mails.ts` has the same in German.
 */
export const EN_MAILS = {
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
