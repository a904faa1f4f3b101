import type { Checkpoint, ReadEnd } from '../../connectors/package.ts';
import type { ManifestTable } from '../../store/manifest.ts';

/** What the manifest says of the end of a read. */
export const proofOf = ({
  certificate,
  state,
  deltas,
  filtered = 0,
}: ReadEnd): Pick<ManifestTable, 'certified' | 'state'> => ({
  ...certificate,
  ...(filtered > 0 ? { filtered } : {}),
  state: { ...(state === undefined ? {} : { text: state }), files: deltas ?? [] },
});

export const checkpointOf = (
  { checkpoint }: ReadEnd,
  note: Checkpoint | undefined,
): Pick<ManifestTable, 'checkpoint'> => {
  const found = checkpoint ?? note;
  return found ? { checkpoint: found } : {};
};
