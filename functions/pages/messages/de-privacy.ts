import type { EN_PRIVACY } from './en-privacy.ts';

/** As `en-privacy.ts`, in German. */
export const DE_PRIVACY: Readonly<Record<keyof typeof EN_PRIVACY, string>> = {
  'account.privacy': 'Datenschutz und Daten',
  'account.privacy-text':
    'Wofür wir Ihre Daten nutzen dürfen, eine Kopie davon, das Ende Ihres Kontos.',
  'action.to-privacy': 'Öffnen',
  'action.back-to-privacy': 'Zurück zu Datenschutz und Daten',
  'privacy.title': 'Datenschutz und Daten',
  'privacy.lede':
    'Sie entscheiden. Was Sie wählen, gilt sofort, und Sie können es jederzeit ändern.',

  'privacy.purposes': 'Wofür wir Ihre Daten nutzen dürfen',
  'purpose.unanswered': 'Noch nicht beantwortet',
  'purpose.stale': 'Der Text hat sich geändert: bitte neu entscheiden',
  'purpose.granted': 'Sie stimmen zu',
  'purpose.withdrawn': 'Sie stimmen nicht zu',
  'purpose.objected': 'Sie haben widersprochen',
  'purpose.awaiting-parent': 'Wartet auf die Antwort Ihrer Eltern',
  'purpose.parent-is-asked': 'Wir fragen einen Elternteil. Bis dieser zustimmt, gilt es nicht.',
  'purpose.without-consent': 'Wird genutzt',
  'purpose.since': 'seit {time}',
  'purpose.stopped': 'Beendet durch „nicht verkaufen und nicht weitergeben“, was hier auch steht.',
  'purpose.details': 'Warum, welche Daten, für wen, wie lange',
  'purpose.why': 'Warum',
  'purpose.what': 'Welche Daten',
  'purpose.who': 'Wer sie bekommt',
  'purpose.nobody': 'Niemand außer uns',
  'purpose.how-long': 'Wie lange dafür',
  'basis.consent': 'Nur wenn Sie zustimmen.',
  'basis.contract': 'Weil es nötig ist für das, wofür Sie sich angemeldet haben.',
  'basis.legal-obligation': 'Weil das Gesetz uns dazu verpflichtet.',
  'basis.vital-interests': 'Weil Leben oder Gesundheit davon abhängen können.',
  'basis.public-task': 'Weil es im öffentlichen Interesse liegt. Sie können widersprechen.',
  'basis.legitimate-interests':
    'Weil wir ein berechtigtes Interesse daran haben. Sie können widersprechen.',
  'answer.granted': 'Ich stimme zu',
  'answer.declined': 'Ich stimme nicht zu',
  'answer.withdrawn': 'Widerrufen',
  'answer.objected': 'Widersprechen',
  'answer.not-objected': 'Widerspruch zurücknehmen',
  'answer.ask-again': 'Noch einmal fragen',

  'privacy.topics': 'Was Sie von uns hören möchten',
  'privacy.topics-text': 'Was Ihr Konto braucht, etwa Codes, schicken wir in jedem Fall.',
  'channel.email': 'E-Mail',
  'channel.sms': 'SMS',
  'channel.push': 'Mitteilung in der App',
  'action.save': 'Speichern',

  'privacy.do-not-sell': 'Meine Daten nicht verkaufen und nicht weitergeben',
  'privacy.do-not-sell-off':
    'Eingeschaltet werden Ihre Daten weder verkauft noch weitergegeben, was Sie sonst auch erlaubt haben.',
  'privacy.do-not-sell-on':
    'Eingeschaltet seit {time}: Ihre Daten werden weder verkauft noch weitergegeben.',
  'privacy.do-not-sell-signal':
    'Ihr Browser verlangt das von jeder Website (Global Privacy Control). Wir halten uns daran.',
  'action.do-not-sell': 'Nicht verkaufen und weitergeben',
  'action.allow-selling': 'Ausschalten',

  'privacy.apps': 'Apps mit Zugang zu Ihrem Konto',
  'privacy.apps-text': 'Wem Sie den Zugang entziehen, der muss Sie neu fragen.',
  'privacy.apps-none': 'Es gibt keine.',
  'privacy.app-open': 'In Gebrauch',
  'privacy.app-allowed': 'Erlaubt {time}',
  'privacy.app-may': 'Darf sehen und tun:',
  'action.remove-access': 'Zugang entziehen',

  'privacy.data': 'Ihre Daten',
  'privacy.copy': 'Eine Kopie',
  'privacy.copy-text': 'Alles, was wir über Sie gespeichert haben, zum Lesen und zum Mitnehmen.',
  'privacy.copy-collecting': 'Wird gesammelt: Wir schreiben Ihnen, wenn sie bereitliegt.',
  'privacy.copy-waiting':
    'Wartet auf Dienste, die für uns arbeiten: Wir schreiben Ihnen, wenn sie bereitliegt.',
  'privacy.copy-writing': 'Wird gerade geschrieben: Wir mailen Ihnen, wenn sie bereitliegt.',
  'privacy.copy-ready': 'Liegt zum Herunterladen bereit.',
  'action.get-copy': 'Kopie anfordern',
  'action.to-copy': 'Ansehen',
  'action.to-copy-of': 'Ansehen: eine Kopie Ihrer Daten',
  'privacy.history': 'Ihr Verlauf',
  'privacy.history-text': 'Was Sie gewählt haben, welche Apps Zugang hatten, alle Anmeldungen.',
  'action.to-history': 'Zeigen',
  'action.to-history-of': 'Zeigen: Ihr Verlauf',
  'privacy.delete': 'Konto löschen',
  'privacy.delete-text': 'Mit allem, was dazugehört.',
  'action.to-delete': 'Konto löschen',

  'notice.choice-saved': 'Gespeichert. Es gilt ab jetzt.',
  'notice.parent-is-asked': 'Gespeichert. Es gilt, sobald ein Elternteil zugestimmt hat.',
  'notice.access-removed': 'Entzogen. Die App hat keinen Zugang mehr.',
  'error.choice-outdated':
    'Seit diese Seite geöffnet wurde, hat sich etwas geändert. Nichts wurde gespeichert: Bitte sehen Sie noch einmal hin.',
  'error.changes-too-many':
    'Das waren sehr viele Änderungen an einem Tag. Nichts wurde gespeichert; ab {time} geht es weiter.',

  'privacy-age.title': 'Wie alt sind Sie?',
  'privacy-age.text': 'Dafür brauchen manche auch die Zustimmung ihrer Eltern: {purpose}',
  'privacy-age.why':
    'Ab welchem Alter nicht mehr, hängt vom Land ab. Wir fragen einmal, speichern die Antwort verschlüsselt und nutzen sie für nichts anderes.',
  'field.birthdate': 'Geburtsdatum',
  'field.home-country': 'Wo Sie wohnen',
  'privacy-age.prompt': 'Land wählen',
  'error.birthdate': 'Bitte geben Sie ein Datum an, wie es in Ihrem Ausweis steht.',

  'privacy-receipt.title': 'Beleg',
  'privacy-receipt.answer': 'Antwort',
  'privacy-receipt.time': 'Wann',
  'privacy-receipt.how': 'Wie',
  'privacy-receipt.page': 'Wo gefragt wurde',
  'privacy-receipt.in-app': 'in einer App',
  'privacy-receipt.words': 'Text, der Ihnen gezeigt wurde',
  'privacy-receipt.words-gone':
    'Unsere heutigen Angaben enthalten diesen Text nicht mehr. Bewiesen wird er durch seinen Fingerabdruck.',
  'privacy-receipt.version': 'Fassung',
  'privacy-receipt.hash': 'Fingerabdruck des Textes',
  'privacy-receipt.controller': 'Wer verantwortlich ist',
  'privacy-receipt.id': 'Nummer dieses Belegs',
  'privacy-receipt.file':
    'Die Datei enthält dasselbe, von uns signiert: Sie beweist auch anderen gegenüber, was Sie gewählt haben, und niemand kann sie unbemerkt ändern.',
  'action.download-receipt': 'Signierten Beleg herunterladen',
  'action.back-to-history': 'Zurück zu Ihrem Verlauf',

  'privacy-export.title': 'Eine Kopie Ihrer Daten',
  'privacy-export.text':
    'Wir sammeln alles, was wir über Sie gespeichert haben: Profil, Anmeldungen, Apps, was Sie gewählt haben und was in Ihrem Konto geschehen ist. Sie bekommen eine Seite zum Lesen und eine Datei für Maschinen.',
  'privacy-export.next':
    'Das dauert Minuten, manchmal länger. Wir schicken Ihnen eine E-Mail mit einem Link; zum Herunterladen müssen Sie sich vielleicht neu anmelden.',
  'privacy-export.credentials': 'Mein Passwort in geschützter Form beilegen',
  'privacy-export.credentials-text':
    'Allein öffnet sie nichts, und ein anderer Dienst kann sie nur zusammen mit einem Geheimnis verwenden, das wir behalten. Lassen Sie das im Zweifel.',
  'action.collect': 'Meine Daten sammeln',
  'action.collect-again': 'Neu sammeln',
  'action.to-download': 'Zum Herunterladen',
  'privacy-export.until': 'Liegt bis zum {time} bereit und wird dann gelöscht.',
  'privacy-export.anew': 'Hat sich seitdem etwas geändert? Dann lassen Sie neu sammeln.',
  'error.export-too-many':
    'Mehr als drei Kopien am Tag gehen nicht. Die nächste können Sie ab {time} anfordern.',

  'privacy-delete.title': 'Konto löschen',
  'privacy-delete.lede':
    'Wenn Sie fortfahren, wird Ihr Konto ab dem {time} innerhalb einiger Stunden gelöscht, mit allem, was dazugehört.',
  'privacy-delete.lede-now':
    'Wenn Sie fortfahren, wird Ihr Konto gelöscht, mit allem, was dazugehört: Das beginnt sofort und dauert einige Stunden.',
  'privacy-delete.held':
    'Ein Gesetz verlangt, dass wir Ihr Konto vorerst behalten. Abgemeldet werden Sie sofort; gelöscht wird es mit allem, was dazugehört, sobald das Gesetz es zulässt.',
  'privacy-delete.happens': 'Was geschieht',
  'privacy-delete.signed-out':
    'Hier werden Sie sofort abgemeldet, in jedem Browser. Apps verlieren ihren Zugang; eine, in der Sie noch angemeldet sind, merkt es vielleicht erst nach einer Weile.',
  'privacy-delete.undo':
    'Bis zum {time} können Sie es sich anders überlegen: über den Link in der E-Mail, die wir Ihnen schicken, oder indem Sie sich anmelden.',
  'privacy-delete.final':
    'Ist Ihr Konto gelöscht, kann niemand etwas zurückholen, auch wir nicht: Der Schlüssel zu Ihren Daten wird vernichtet.',
  'privacy-delete.told': 'Wer für uns arbeitet, löscht sie ebenfalls: {processors}.',
  'privacy-delete.stays': 'Was bleibt, und warum',
  'privacy-delete.certificate':
    'Eine Bescheinigung der Löschung. Sie bekommen sie per E-Mail; darin stehen Sie nur als zufällige Nummer.',
  'privacy-delete.ledger':
    'Diese Nummer in einer Liste, damit ein Backup Sie nicht zurückholt, und in unserem Sicherheitsprotokoll.',
  'privacy-delete.consents': 'Was Sie erlaubt haben, ohne alles, was zu Ihnen führt.',
  'privacy-delete.address':
    'Eine Zeit lang ein Fingerabdruck Ihrer E-Mail-Adresse, damit sich niemand an Ihrer Stelle damit registriert.',
  'privacy-delete.copy': 'Möchten Sie vorher eine Kopie Ihrer Daten?',
  'action.delete-account': 'Mein Konto löschen',

  'account-leaving.title': 'Sie sind abgemeldet',
  'account-leaving.text': 'Ihr Konto wird ab dem {time} innerhalb einiger Stunden gelöscht.',
  'account-leaving.text-now': 'Ihr Konto wird gerade gelöscht.',
  'account-leaving.undo':
    'Anders überlegt? Bis dahin können Sie es behalten: über den Link in unserer E-Mail, oder indem Sie sich anmelden.',
  'account-leaving.certificate': 'Wenn alles erledigt ist, schicken wir Ihnen die Bescheinigung.',
};
