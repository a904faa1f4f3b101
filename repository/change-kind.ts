/** What a change is about: a row of syncline.change, or one of syncline.link_change. */
export type ChangeKind = 'resource' | 'link';
