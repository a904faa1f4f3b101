import type { Pacer } from '../package.ts';

/** How the requests of a read are paced and stopped. */
export interface Asking {
  pacer?: Pacer | undefined;
  signal?: AbortSignal | undefined;
}
