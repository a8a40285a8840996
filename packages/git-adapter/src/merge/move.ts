/** A fast-forward of a checkout, from one commit to another. */
export interface Move {
  readonly gitDir: string
  readonly workTree: string
  readonly from: string
  readonly to: string
}
