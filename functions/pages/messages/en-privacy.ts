/** The portal's pages about privacy; `de-privacy.ts` has the same in German. */
export const EN_PRIVACY = {
  'account.privacy': 'Privacy and data',
  'account.privacy-text': 'What we may use your data for, a copy of it, the end of your account.',
  'action.to-privacy': 'Open',
  'action.back-to-privacy': 'Back to privacy and data',
  'privacy.title': 'Privacy and data',
  'privacy.lede': 'You decide. What you choose counts at once, and you can change it at any time.',

  'privacy.purposes': 'What we may use your data for',
  'purpose.unanswered': 'Not answered yet',
  'purpose.stale': 'The words have changed: please decide again',
  'purpose.granted': 'You agreed',
  'purpose.withdrawn': 'You do not agree',
  'purpose.objected': 'You objected',
  'purpose.awaiting-parent': 'Waiting for your parents’ answer',
  'purpose.parent-is-asked': 'We ask a parent of yours. It does not count before they have agreed.',
  'purpose.without-consent': 'In use',
  'purpose.since': 'since {time}',
  'purpose.stopped': 'Stopped by “do not sell or share”, whatever stands here.',
  'purpose.details': 'Why, which data, for whom, how long',
  'purpose.why': 'Why',
  'purpose.what': 'Which data',
  'purpose.who': 'Who gets it',
  'purpose.nobody': 'Nobody but us',
  'purpose.how-long': 'How long for this',
  'basis.consent': 'Only if you agree.',
  'basis.contract': 'Because it takes this to give you what you signed up for.',
  'basis.legal-obligation': 'Because the law obliges us to.',
  'basis.vital-interests': 'Because somebody’s life or health may depend on it.',
  'basis.public-task': 'Because it is a task in the public interest. You can object.',
  'basis.legitimate-interests': 'Because we have a legitimate interest in it. You can object.',
  'answer.granted': 'I agree',
  'answer.declined': 'I do not agree',
  'answer.withdrawn': 'Withdraw',
  'answer.objected': 'Object',
  'answer.not-objected': 'Take back objection',
  'answer.ask-again': 'Ask once more',

  'privacy.topics': 'What you want to hear about from us',
  'privacy.topics-text': 'What your account needs, such as codes, is sent in any case.',
  'channel.email': 'E-mail',
  'channel.sms': 'Text message',
  'channel.push': 'Notification in the app',
  'action.save': 'Save',

  'privacy.do-not-sell': 'Do not sell or share my personal information',
  'privacy.do-not-sell-off':
    'Switch this on, and your data is neither sold nor shared, whatever else you agreed to.',
  'privacy.do-not-sell-on': 'Switched on since {time}: your data is neither sold nor shared.',
  'privacy.do-not-sell-signal':
    'Your browser asks every website for this (Global Privacy Control). We keep to it.',
  'action.do-not-sell': 'Do not sell or share',
  'action.allow-selling': 'Switch off',

  'privacy.apps': 'Apps with access to your account',
  'privacy.apps-text': 'Whatever you remove has to ask you again.',
  'privacy.apps-none': 'There are none.',
  'privacy.app-open': 'In use',
  'privacy.app-allowed': 'Allowed {time}',
  'privacy.app-may': 'May see and do:',
  'action.remove-access': 'Remove access',

  'privacy.data': 'Your data',
  'privacy.copy': 'A copy of it',
  'privacy.copy-text': 'Everything that we hold on you, to read and to take elsewhere.',
  'privacy.copy-collecting': 'Being collected: we write to you when it is ready.',
  'privacy.copy-waiting':
    'Waiting for services that work for us: we write to you when it is ready.',
  'privacy.copy-writing': 'Being written: we send you a mail when it is ready.',
  'privacy.copy-ready': 'Ready to be downloaded.',
  'action.get-copy': 'Get a copy',
  'action.to-copy': 'Look',
  'action.to-copy-of': 'Look: a copy of your data',
  'privacy.history': 'Your history',
  'privacy.history-text': 'What you chose, which apps had access, every sign-in.',
  'action.to-history': 'Show',
  'action.to-history-of': 'Show: your history',
  'privacy.delete': 'Delete your account',
  'privacy.delete-text': 'With everything that belongs to it.',
  'action.to-delete': 'Delete account',

  'notice.choice-saved': 'Saved. It counts from now on.',
  'notice.parent-is-asked': 'Saved. It counts once a parent has agreed.',
  'notice.access-removed': 'Removed. The app has no access any more.',
  'error.choice-outdated':
    'Something has changed since this page was opened. Nothing was saved: please look again.',
  'error.changes-too-many':
    'That was a lot of changes in one day. Nothing was saved; you can go on from {time} on.',

  'privacy-age.title': 'How old are you?',
  'privacy-age.text': 'For this, some people need their parents’ consent as well: {purpose}',
  'privacy-age.why':
    'From which age on depends on the country. We ask once, keep the answer encrypted, and use it for nothing else.',
  'field.birthdate': 'Date of birth',
  'field.home-country': 'Where you live',
  'privacy-age.prompt': 'Choose a country',
  'error.birthdate': 'Please give a date such as it stands in your passport.',

  'privacy-receipt.title': 'Receipt',
  'privacy-receipt.answer': 'Answer',
  'privacy-receipt.time': 'When',
  'privacy-receipt.how': 'How',
  'privacy-receipt.page': 'Where it was asked',
  'privacy-receipt.in-app': 'in an app',
  'privacy-receipt.words': 'Words that you were shown',
  'privacy-receipt.words-gone':
    'Our present policy has these words no longer. Their fingerprint below is what proves them.',
  'privacy-receipt.version': 'Version',
  'privacy-receipt.hash': 'Fingerprint of the words',
  'privacy-receipt.controller': 'Who is responsible',
  'privacy-receipt.id': 'Number of this receipt',
  'privacy-receipt.file':
    'The file holds the same, signed by us: it proves what you chose, also towards others, and nobody can change it unnoticed.',
  'action.download-receipt': 'Download signed receipt',
  'action.back-to-history': 'Back to your history',

  'privacy-export.title': 'A copy of your data',
  'privacy-export.text':
    'We collect everything that we hold on you: your profile, sessions, apps, choices and what happened in your account. You get one page to read and one file for machines.',
  'privacy-export.next':
    'This takes minutes, at times longer. We send you an e-mail with a link; to download, you may be asked to sign in again.',
  'privacy-export.credentials': 'Include my password in its protected form',
  'privacy-export.credentials-text':
    'It does not let anybody in by itself, and another service can use it only together with a secret that we keep. Leave this alone if you are not sure.',
  'action.collect': 'Collect my data',
  'action.collect-again': 'Collect it anew',
  'action.to-download': 'To the download',
  'privacy-export.until': 'Ready to be downloaded until {time}. Then it is deleted.',
  'privacy-export.anew': 'Has something changed since? Then have it collected once more.',
  'error.export-too-many':
    'Three copies a day are the limit. The next one can be asked for from {time} on.',

  'privacy-delete.title': 'Delete your account',
  'privacy-delete.lede':
    'If you go on, your account will be deleted from {time} on, within some hours, with everything that belongs to it.',
  'privacy-delete.lede-now':
    'If you go on, your account will be deleted, with everything that belongs to it: this begins at once and takes some hours.',
  'privacy-delete.held':
    'A law requires us to keep your account for now. You are signed out at once; it is deleted, with everything that belongs to it, as soon as the law allows.',
  'privacy-delete.happens': 'What happens',
  'privacy-delete.signed-out':
    'You are signed out here at once, in every browser. Apps lose their access; one where you are still signed in may take a while to notice.',
  'privacy-delete.undo':
    'Until {time} you can change your mind: by the link in the e-mail that we send you, or by signing in.',
  'privacy-delete.final':
    'Once your account is deleted, nobody can bring anything back, not even we: the key to your data is destroyed.',
  'privacy-delete.told': 'Those who work for us delete it, too: {processors}.',
  'privacy-delete.stays': 'What stays, and why',
  'privacy-delete.certificate':
    'A certificate of the deletion. It goes to you by e-mail and names you by a random number alone.',
  'privacy-delete.ledger':
    'That number in a list, so that restoring a backup does not bring you back, and in our security log.',
  'privacy-delete.consents': 'What you agreed to, with nothing that leads to you.',
  'privacy-delete.address':
    'A fingerprint of your e-mail address for a while, so that nobody signs up with it in your place.',
  'privacy-delete.copy': 'Do you want a copy of your data first?',
  'action.delete-account': 'Delete my account',

  'account-leaving.title': 'You are signed out',
  'account-leaving.text': 'Your account will be deleted from {time} on, within some hours.',
  'account-leaving.text-now': 'Your account is being deleted.',
  'account-leaving.undo':
    'Changed your mind? Until then, with the link in our e-mail, or by signing in, you can keep it.',
  'account-leaving.certificate': 'When all is done, we send you the certificate.',
} as const;
