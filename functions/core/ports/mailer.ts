export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** Throws UnavailableError when the mail did not leave, whatever the reason. */
  send(to: string, mail: RenderedMail): Promise<void>;
}
