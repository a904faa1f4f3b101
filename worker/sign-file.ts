import { hostname } from 'node:os';
import { join } from 'node:path';

/** Seconds between two signs of life of a worker. */
export const beatSeconds = 5;

/** The file that shows that the worker of this machine polls; the data folder may belong to several. */
export const signOfLife = (dataDir: string) => join(dataDir, `worker-${hostname()}.alive`);
