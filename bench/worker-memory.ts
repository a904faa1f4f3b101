import { readFileSync, writeFileSync } from 'node:fs';

/** Peak resident memory in MB (10^6 bytes) as Linux counts it; undefined where there is no such count. */
export const peakMemory = (pid: number): number | undefined => read(pid, 'VmHWM');

/** Memory that is resident now. */
export const residentMemory = (pid: number): number | undefined => read(pid, 'VmRSS');

function read(pid: number, field: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

/** Lets the count begin anew, from what is resident now. */
export function resetPeakMemory(pid: number): void {
  try {
    // proc(5): 5 resets the peak and nothing else
    writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
  } catch {
    // no Linux, or a process of another user: the peak is then that since its start
  }
}
