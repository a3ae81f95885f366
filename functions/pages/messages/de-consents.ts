import type { EN_CONSENTS } from './en-consents.ts';

/** As `en-consents.ts`, in German. */
export const DE_CONSENTS: Readonly<Record<keyof typeof EN_CONSENTS, string>> = {
  'choices.legend': 'Wie Sie möchten',
  'choices.hint':
    'Ihr Konto funktioniert auch ohne das. Sie können es sich jederzeit anders überlegen.',
  'error.words-changed':
    'Der Text, dem Sie zustimmen sollten, hat sich gerade geändert. Bitte lesen Sie ihn noch einmal.',
  'renew-consents.title': 'Bitte entscheiden Sie neu',
  'renew-consents.text':
    'Sie haben dem schon einmal zugestimmt. Seitdem hat sich der Text geändert. Deshalb müssen wir Sie noch einmal fragen.',
  'renew-consents.yes': 'Ja, ich stimme zu',
  'renew-consents.no': 'Nein, ich stimme nicht zu',
  'action.save-choices': 'Speichern und weiter',
  'action.decide-later': 'Später entscheiden',
  'scope.privacy':
    'Ihre Einwilligungen verwalten und eine Kopie oder die Löschung Ihrer Daten verlangen',
  'scope.consents': 'sehen, worin Sie eingewilligt haben',
};
