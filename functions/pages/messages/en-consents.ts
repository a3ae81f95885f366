/** About purposes and consent; `de-consents.ts` has the same in German. */
export const EN_CONSENTS = {
  'choices.legend': 'As you like',
  'choices.hint': 'Your account works without these. You can change your mind at any time.',
  'error.words-changed':
    'The words that you were asked to agree to have just changed. Please read them again.',
  'renew-consents.title': 'Please decide again',
  'renew-consents.text':
    'You agreed to this before. Since then, the words have changed, so that we need to ask you again.',
  'renew-consents.yes': 'Yes, I agree',
  'renew-consents.no': 'No, I do not',
  'action.save-choices': 'Save and go on',
  'action.decide-later': 'Decide later',
  'scope.privacy': 'manage your consents, and ask for a copy or the deletion of your data',
  'scope.consents': 'see what you have consented to',
} as const;
