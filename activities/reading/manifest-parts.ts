import type { Checkpoint, ReadEnd } from '../../connectors/package.ts';
import type { ManifestTable } from '../../store/manifest.ts';

/** What the manifest says of the end of a read. */
export const proofOf = ({ certificate, state, deltas }: ReadEnd): Pick<ManifestTable, 'certified' | 'state'> => ({
  ...certificate,
  state: { ...(state === undefined ? {} : { text: state }), files: deltas ?? [] },
});

export const checkpointOf = (
  { checkpoint }: ReadEnd,
  note: Checkpoint | undefined,
): Pick<ManifestTable, 'checkpoint'> => {
  const found = checkpoint ?? note;
  return found ? { checkpoint: found } : {};
};
