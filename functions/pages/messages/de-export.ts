import type { EN_EXPORT } from './en-export.ts';
import type { Text } from './text.ts';

export const DE_EXPORT: Readonly<Record<keyof typeof EN_EXPORT, Text>> = {
  'action.download-html': 'Zum Lesen herunterladen',
  'action.download-json': 'Für Maschinen herunterladen',
  'action.reload': 'Noch einmal nachsehen',
  'export.title': 'Ihre Daten',
  'export.ready': 'Beide Dateien enthalten dasselbe: alles, was wir über Sie gespeichert haben.',
  'export.html': 'Zum Lesen',
  'export.html-text': 'Eine Seite zum Lesen, Drucken und Aufheben, {size}.',
  'export.json': 'Für Maschinen',
  'export.json-text':
    'JSON nach einem veröffentlichten Schema, zum Mitnehmen zu einem anderen Dienst, {size}.',
  'export.until': 'Sie liegen bis {time} hier und werden dann gelöscht.',
  'export.careful':
    'Diese Dateien handeln von Ihnen allein, und nichts darin ist verschlossen. Bewahren Sie sie dort auf, wo niemand anders nachsieht.',
  'export.under-way': 'Ihre Kopie entsteht. Wir schreiben Ihnen, sobald sie bereitliegt.',
  'export.step-collecting': 'Schritt 1 von 3: Wir sammeln, was wir über Sie gespeichert haben',
  'export.step-waiting': 'Schritt 2 von 3: Wir warten auf Antworten',
  'export.step-writing': 'Schritt 3 von 3: Wir schreiben Ihre Dateien',
  'export.collected': {
    count: 'count',
    one: 'bisher {count} Eintrag',
    other: 'bisher {count} Einträge',
  },
  'export.waiting': {
    count: 'count',
    one: '{count} Dienst, der für uns arbeitet, hat noch nicht gesagt, was er über Sie gespeichert hat.',
    other:
      '{count} Dienste, die für uns arbeiten, haben noch nicht gesagt, was sie über Sie gespeichert haben.',
  },
  'export.waiting-until':
    'Wir warten längstens bis {time}. Wer bis dahin nicht geantwortet hat, steht in Ihrer Kopie.',
  'export.writing': 'Alles ist da. Das dauert nur einen Augenblick.',
  'export.expired':
    'Diese Dateien wurden gelöscht, als ihre Zeit um war. Sie können neue anfordern.',
  'mail.export-ready.subject': 'Ihre Daten von {product} liegen bereit',
  'mail.export-ready.text':
    'die Daten, die {product} über Sie gespeichert hat, sind zusammengestellt. Sie können sie bis {time} herunterladen; dann werden sie gelöscht.',
  'mail.export-ready.fresh':
    'Damit niemand anders sie bekommt, werden Sie vielleicht noch einmal um Ihre Anmeldung gebeten:',
  'mail.export-ready.button': 'Daten herunterladen',
  'mail.export-ready.ignore':
    'Sie haben das nicht angefordert? Dann ändern Sie bitte Ihr Passwort: Jemand könnte es kennen.',
};
