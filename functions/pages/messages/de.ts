import { DE_CONSENTS } from './de-consents.ts';
import { DE_ERASURE } from './de-erasure.ts';
import { DE_ERRORS } from './de-errors.ts';
import { DE_EXPORT } from './de-export.ts';
import { DE_HISTORY } from './de-history.ts';
import { DE_MAILS } from './de-mails.ts';
import { DE_PLACES } from './de-places.ts';
import { DE_PRIVACY } from './de-privacy.ts';
import type { EN_WORDS, Messages } from './en.ts';
import type { Text } from './text.ts';

const DE_WORDS: Readonly<Record<keyof typeof EN_WORDS, Text>> = {
  'action.allow': 'Erlauben',
  'action.back-to-account': 'Zurück zu Ihrem Konto',
  'action.change-country': 'Anderes Land wählen',
  'action.change-password': 'Passwort ändern',
  'action.change-address': 'Andere Adresse verwenden',
  'action.confirm': 'Bestätigen',
  'action.confirm-address': 'Adresse bestätigen',
  'action.continue': 'Weiter',
  'action.create-account': 'Konto anlegen',
  'action.deny': 'Nicht erlauben',
  'action.end-other-sessions': 'Überall sonst abmelden',
  'action.end-session': 'Abmelden',
  'action.end-session-of': '{device} abmelden',
  'action.other-account': 'Anderes Konto verwenden',
  'action.recover': 'Passwort vergessen?',
  'action.resend': 'Neuen Code senden',
  'action.retry': 'Noch einmal versuchen',
  'action.save-password': 'Neues Passwort speichern',
  'action.send-code': 'Code senden',
  'action.sign-in': 'Anmelden',
  'action.sign-in-instead': 'Stattdessen anmelden',
  'action.sign-out': 'Abmelden',
  'action.to-account': 'Zu Ihrem Konto',

  'field.country': 'Land oder Gebiet',
  'field.code': 'Code aus der E-Mail',
  'field.current-password': 'Aktuelles Passwort',
  'field.email': 'E-Mail-Adresse',
  'field.new-password': 'Neues Passwort',
  'field.password': 'Passwort',
  'field.terms': 'Nutzungsbedingungen',
  'hint.code': 'Sechs Ziffern',
  'hint.password': {
    count: 'minimum',
    one: 'Mindestens {minimum} Zeichen. Einige zufällige Wörter ergeben ein gutes Passwort.',
    other: 'Mindestens {minimum} Zeichen. Einige zufällige Wörter ergeben ein gutes Passwort.',
  },

  'identify.title': 'Anmelden',
  'sign-in.title': 'Anmelden',
  'sign-in.account': 'mit Ihrem Konto bei {product}',
  'sign-in.no-account': 'Neu hier?',

  'sign-up-region.title': 'Wo Ihre Daten liegen werden',
  'sign-up-region.text':
    'Ihr Land bestimmt, wo Ihr Konto und Ihre Daten aufbewahrt werden. Das bleibt so, von wo aus Sie sich auch anmelden.',
  'sign-up-region.prompt': 'Bitte wählen',
  'sign-up-region.other': 'Keines davon',
  'sign-up-region.places': 'Ihr Konto wird an einem dieser Orte aufbewahrt:',
  'sign-up-region.next': 'An welchem, sagen wir Ihnen, bevor Sie etwas eingeben.',
  'sign-up-region.place': 'Ort',
  'sign-up-region.place-text':
    'Bitte wählen Sie den Ort. Er bleibt derselbe, von wo aus Sie sich auch anmelden.',
  'sign-up-region.not-offered':
    'Der übliche Ort für Ihr Land, {country}, wird hier nicht angeboten. Angeboten werden:',

  'sign-up.title': 'Konto anlegen',
  'sign-up.home': 'Hier werden Ihr Konto und Ihre Daten aufbewahrt: {place}.',
  'sign-up.home-country': 'Ihr Land: {country}.',
  'sign-up.have-account': 'Sie haben schon ein Konto?',
  'sign-up.terms': 'Ich akzeptiere die {terms}.',
  'sign-up.terms-link': 'Nutzungsbedingungen',
  'sign-up.privacy': 'Was mit Ihren Daten geschieht, steht in der {privacy}.',
  'sign-up.privacy-link': 'Datenschutzerklärung',

  'verify.title': 'Sehen Sie in Ihr Postfach',
  'verify.text':
    'Wir haben einen sechsstelligen Code an {email} gesendet. Geben Sie ihn hier ein, oder öffnen Sie den Link in der E-Mail.',
  'verify.nothing': 'Noch nichts angekommen? Sehen Sie auch im Spam-Ordner nach.',

  'verify-link.title': 'Adresse bestätigen',
  'verify-link.text':
    'Gehört {email} Ihnen? Dann bestätigen Sie die Adresse, und Ihr Konto ist fertig.',
  'verify-link.text-password':
    'Um das Konto für {email} fertigzustellen, geben Sie das Passwort ein, das Sie bei der Registrierung gewählt haben.',

  'recover.title': 'Passwort vergessen?',
  'recover.text':
    'Nennen Sie uns Ihre E-Mail-Adresse. Wir senden Ihnen einen Code, mit dem Sie ein neues Passwort wählen können.',
  'recover.remembered': 'Doch wieder eingefallen?',

  'reset.title': 'Neues Passwort wählen',
  'reset.text': 'Wir haben einen sechsstelligen Code an {email} gesendet.',
  'reset.text-address-hidden':
    'Wir haben Ihnen eine E-Mail mit einem sechsstelligen Code gesendet.',
  'reset.consequence': 'Sie werden auf allen anderen Geräten abgemeldet.',

  'consent.title': 'Zugriff erlauben?',
  'consent.text': '{client} möchte:',
  'consent.signed-in-as': 'Angemeldet als {email}',
  'consent.policies': 'Was {client} mit Ihren Daten macht, regeln die dortigen Bestimmungen.',

  'scope.openid': 'bei der Anmeldung erfahren, wer Sie sind',
  'scope.email': 'Ihre E-Mail-Adresse sehen',
  'scope.profile': 'Ihr Profil sehen, zum Beispiel Ihre Sprache',
  'scope.offline_access': 'den Zugriff behalten, auch wenn Sie gerade nicht da sind',
  'scope.other': '„{scope}“ nutzen',

  'sign-out.title': 'Abmelden?',
  'sign-out.text': 'Sie werden in diesem Browser von {product} abgemeldet.',
  'signed-out.title': 'Sie sind abgemeldet',
  'signed-out.text':
    'Bis bald! An einem gemeinsam genutzten Gerät schließen Sie bitte auch den Browser.',

  'account.title': 'Ihr Konto',
  'account.address': 'E-Mail-Adresse',
  'account.password': 'Passwort',
  'account.password-text': 'Wählen Sie eines, das Sie nirgendwo sonst verwenden.',
  'account.sessions': 'Hier sind Sie angemeldet',
  'account.sessions-text':
    'Kommt Ihnen etwas unbekannt vor? Dann melden Sie es ab und ändern Sie Ihr Passwort.',
  'account.this-device': 'Dieses Gerät',
  'account.unknown-device': 'Unbekanntes Gerät',
  'account.last-seen': 'Zuletzt aktiv: {time}',
  'account.signed-in-at': 'Angemeldet seit: {time}',

  'password.title': 'Passwort ändern',
  'password.consequence': 'Ihre anderen Geräte werden abgemeldet.',

  'form-post.title': 'Einen Moment',
  'form-post.text': 'Es geht gleich zurück zu {client}.',
  'form-post.text-no-client': 'Es geht gleich zurück.',

  'footer.privacy': 'Datenschutz',
  'footer.terms': 'Nutzungsbedingungen',
  'footer.language': 'Sprache',
  'notice.code-sent': 'Wir haben Ihnen einen neuen Code gesendet. Frühere gelten nicht mehr.',
  'notice.other-sessions-ended': 'Sie sind überall sonst abgemeldet.',
  'notice.password-changed': 'Ihr Passwort ist geändert. Ihre anderen Geräte sind abgemeldet.',
  'notice.session-ended': 'Das Gerät ist abgemeldet.',
};

/** Deutsch, höflich mit „Sie“. */
export const de: Messages = Object.assign(
  Object.assign({}, DE_WORDS, DE_ERRORS, DE_MAILS),
  Object.assign({}, DE_CONSENTS, DE_ERASURE, DE_EXPORT),
  DE_PLACES,
  Object.assign({}, DE_HISTORY, DE_PRIVACY),
);
