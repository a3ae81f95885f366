export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** Throws UnavailableError when the mail service is busy. */
  send(to: string, mail: RenderedMail): Promise<void>;
}
