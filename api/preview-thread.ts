import { parentPort } from 'node:worker_threads';
import { mapForPreview, type RowsToPreview } from './preview-rows.ts';

parentPort?.on('message', (asked: RowsToPreview) => parentPort?.postMessage(mapForPreview(asked)));
parentPort?.postMessage('loaded');
