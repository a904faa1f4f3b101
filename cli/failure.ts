/** Why a command failed; the message is for people. */
export class Failure extends Error {
  override name = 'Failure';
  readonly exitCode: number;
  readonly code: string;
  readonly details: { pointer?: string; detail: string }[];

  constructor(code: string, message: string, details: { pointer?: string; detail: string }[] = [], exitCode = 1) {
    super(message);
    this.code = code;
    this.details = details;
    this.exitCode = exitCode;
  }
}
