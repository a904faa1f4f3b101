/** Lines between boxes, as the attribute `d` of a path. In pixels. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  path: string;
  /** The end that the link leads to. */
  arrow: 'start' | 'end';
  /** One that says more, but holds nothing together. */
  dashed: boolean;
}

/** What a picture is made of: boxes in the order of what they show. */
export interface Picture<Box extends Rect = Rect> {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

const middle = ({ y, height }: Rect) => y + height / 2;

/** From the right side of a box to the left side of one that stands further right. */
export function across(left: Rect, right: Rect): string {
  const [start, end] = [left.x + left.width, right.x];
  const half = (start + end) / 2;
  return `M${start} ${middle(left)}C${half} ${middle(left)} ${half} ${middle(right)} ${end} ${middle(right)}`;
}

/** From the right side of a box to the right side of another, in an arc that goes out by at most so much. */
export function around(a: Rect, b: Rect, by: number): string {
  const [start, end] = [a.x + a.width, b.x + b.width];
  const out = Math.max(start, end) + by;
  return `M${start} ${middle(a)}C${out} ${middle(a)} ${out} ${middle(b)} ${end} ${middle(b)}`;
}

/** From below a box to the left side of one that stands further in, further down. */
export const elbow = (a: Rect, b: Rect, inset: number): string =>
  `M${a.x + inset} ${a.y + a.height}V${middle(b)}H${b.x}`;
