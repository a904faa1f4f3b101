/** The changes of a sync beside those of the held sync that it refreshes. */
export interface Compared {
  /** Id of the held sync. */
  with: string;
  same: number;
  /** Only this sync has them. */
  new: number;
  /** Only the held sync had them. */
  gone: number;
  /** Of the same resource or link, with another outcome. */
  changed: number;
}
