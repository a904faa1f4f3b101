/** SQL for `where`, and the values of its `?`. */
export interface ExplainedCondition {
  sql: string;
  bindings: (string | number | string[] | number[])[];
}
