import { DE_CONSENTS } from './de-consents.ts';
import { DE_ERASURE } from './de-erasure.ts';
import { DE_EXPORT } from './de-export.ts';
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
  'error.prefix': 'Fehler',
  'error.summary': 'Bitte prüfen Sie:',

  'error.address-resting':
    'Ein Konto mit dieser Adresse wurde vor Kurzem gelöscht, deshalb ist sie noch gesperrt. Registrieren Sie sich noch einmal damit, dann schreiben wir Ihnen, ab wann sie frei ist.',
  'error.address-taken':
    'Für diese Adresse gibt es inzwischen ein Konto. Bitte melden Sie sich an.',
  'error.cell-away':
    'Es ist die Region, in der es für Sie weitergeht. Nichts ist verloren: Bitte versuchen Sie es in ein paar Minuten noch einmal.',
  'error.choose-country': 'Bitte wählen Sie Ihr Land.',
  'error.choose-place': 'Bitte wählen Sie einen Ort.',
  'error.code-expired': 'Dieser Code ist abgelaufen. Bitte fordern Sie einen neuen an.',
  'error.code-spent': 'Zu viele falsche Codes. Bitte fordern Sie einen neuen an.',
  'error.code-exhausted':
    'Für diese Adresse wurden in den letzten 24 Stunden zu viele Codes eingegeben. Bitte öffnen Sie stattdessen den Link in der E-Mail.',
  'error.code-used': 'Dieser Code wurde schon verwendet.',
  'error.code-wrong': {
    count: 'left',
    one: 'Dieser Code stimmt nicht. Sie haben noch {left} Versuch.',
    other: 'Dieser Code stimmt nicht. Sie haben noch {left} Versuche.',
  },
  'error.code-malformed': 'Bitte geben Sie die sechs Ziffern aus der E-Mail ein.',
  'error.credentials': 'E-Mail-Adresse oder Passwort stimmt nicht.',
  'error.current-password': 'Das ist nicht Ihr aktuelles Passwort.',
  'error.email-invalid': 'Bitte geben Sie eine vollständige Adresse ein, etwa name@example.com.',
  'error.form-forged':
    'Dieses Formular stammt nicht aus diesem Browser. Bitte fangen Sie noch einmal an.',
  'error.form-malformed':
    'Was Ihr Browser gesendet hat, können wir nicht lesen. Bitte fangen Sie noch einmal an.',
  'error.form-too-large':
    'Was Ihr Browser gesendet hat, ist zu lang für uns. Bitte kürzen Sie es und versuchen Sie es noch einmal.',
  'error.form-type':
    'Was Ihr Browser gesendet hat, ist keines unserer Formulare. Bitte fangen Sie noch einmal an.',
  'error.hand-over':
    'Sie waren auf dem Weg in die Region, in der Ihr Konto liegt. Das gelingt nur eine Minute lang, nur einmal und nur in einem Browser. Bitte fangen Sie noch einmal an.',
  'error.internal': 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.',
  'error.link-invalid':
    'Dieser Link ist abgelaufen oder wurde schon verwendet. Bitte fordern Sie einen neuen an.',
  'error.locked': {
    count: 'minutes',
    one: 'Zu viele Versuche. Bitte warten Sie {minutes} Minute und versuchen Sie es dann wieder.',
    other:
      'Zu viele Versuche. Bitte warten Sie {minutes} Minuten und versuchen Sie es dann wieder.',
  },
  'error.not-found': 'Unter dieser Adresse gibt es nichts.',
  'error.page-expired': 'Diese Seite war zu lange offen. Bitte fangen Sie noch einmal an.',
  'error.password-common': 'Dieses Passwort ist leicht zu erraten. Bitte wählen Sie ein anderes.',
  'error.password-contains-address':
    'Dieses Passwort ähnelt Ihrer Adresse oder unserem Namen zu sehr. Bitte wählen Sie ein anderes.',
  'error.password-too-long': {
    count: 'maximum',
    one: 'Bitte verwenden Sie höchstens {maximum} Zeichen.',
    other: 'Bitte verwenden Sie höchstens {maximum} Zeichen.',
  },
  'error.password-too-short': {
    count: 'minimum',
    one: 'Bitte verwenden Sie mindestens {minimum} Zeichen.',
    other: 'Bitte verwenden Sie mindestens {minimum} Zeichen.',
  },
  'error.password-unchanged': 'Das ist Ihr aktuelles Passwort. Bitte wählen Sie ein neues.',
  'error.redirect-uri':
    'Die App hat eine Rücksprungadresse genannt, die für sie nicht eingetragen ist. Das muss ihr Anbieter beheben.',
  'error.request':
    'Die App hat eine Anfrage gestellt, die wir nicht ausführen können. Das muss ihr Anbieter beheben.',
  'error.required': 'Bitte füllen Sie dieses Feld aus.',
  'error.resend-too-soon': {
    count: 'seconds',
    one: 'Wir haben eben erst einen Code gesendet. In {seconds} Sekunde können Sie den nächsten anfordern.',
    other:
      'Wir haben eben erst einen Code gesendet. In {seconds} Sekunden können Sie den nächsten anfordern.',
  },
  'error.self-registration-off':
    'Hier lassen sich keine neuen Konten anlegen. Bitte fragen Sie Ihre Ansprechperson.',
  'error.session-ended': 'Sie wurden inzwischen abgemeldet. Bitte melden Sie sich noch einmal an.',
  'error.terms': 'Bitte akzeptieren Sie die Nutzungsbedingungen, um fortzufahren.',
  'error.too-many-mails': {
    count: 'minutes',
    one: 'Wir haben Ihnen schon mehrere E-Mails gesendet. Die nächste ist in {minutes} Minute möglich.',
    other:
      'Wir haben Ihnen schon mehrere E-Mails gesendet. Die nächste ist in {minutes} Minuten möglich.',
  },
  'error.unavailable':
    'Das geht gerade nicht. Es ist nichts verloren: Bitte versuchen Sie es gleich noch einmal.',
  'error.unknown-client':
    'Wir kennen die App nicht, die Sie hierher geschickt hat. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',

  'error-title.address-resting': 'Diese Adresse ist noch gesperrt',
  'error-title.address-taken': 'Sie haben schon ein Konto',
  'error-title.cell-away': 'Eine unserer Regionen antwortet nicht',
  'error-title.form-forged': 'Bitte noch einmal anfangen',
  'error-title.form-malformed': 'Das ist nicht richtig angekommen',
  'error-title.form-too-large': 'Das ist zu lang',
  'error-title.hand-over': 'Bitte noch einmal anfangen',
  'error-title.internal': 'Da ist etwas schiefgegangen',
  'error-title.link-invalid': 'Dieser Link gilt nicht mehr',
  'error-title.not-found': 'Seite nicht gefunden',
  'error-title.page-expired': 'Diese Seite ist abgelaufen',
  'error-title.request': 'Die Anfrage der App funktioniert nicht',
  'error-title.self-registration-off': 'Keine Registrierung möglich',
  'error-title.session-ended': 'Sie sind nicht mehr angemeldet',
  'error-title.unavailable': 'Bitte gleich noch einmal versuchen',
  'error-details.request-id': 'Kennung',
  'error-details.technical': 'Für den Anbieter der App',

  'notice.code-sent': 'Wir haben Ihnen einen neuen Code gesendet. Frühere gelten nicht mehr.',
  'notice.other-sessions-ended': 'Sie sind überall sonst abgemeldet.',
  'notice.password-changed': 'Ihr Passwort ist geändert. Ihre anderen Geräte sind abgemeldet.',
  'notice.session-ended': 'Das Gerät ist abgemeldet.',

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

/** Deutsch, höflich mit „Sie“. */
export const de: Messages = Object.assign(
  Object.assign({}, DE_WORDS, DE_CONSENTS, DE_ERASURE),
  DE_EXPORT,
  DE_PLACES,
  DE_PRIVACY,
);
