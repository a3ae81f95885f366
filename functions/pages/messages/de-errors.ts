import type { EN_ERRORS } from './en-errors.ts';
import type { Text } from './text.ts';

/** As `en-errors.ts`, in German. */
export const DE_ERRORS: Readonly<Record<keyof typeof EN_ERRORS, Text>> = {
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
};
