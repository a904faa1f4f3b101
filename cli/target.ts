/** Where requests go, and with what. */
export interface Target {
  /** Without a slash at its end. */
  url: string;
  headers: Headers;
  /** Milliseconds until an answer must be there. */
  timeout: number;
}
