/** The address of requests, and the headers and settings that they have. */
export interface Target {
  /** Without a slash at its end. */
  url: string;
  headers: Headers;
  /** Milliseconds until an answer must be there. */
  timeout: number;
}
