/** Bounds of one filter: nesting, comparisons and groups, values of one list. */
export const MAX_DEPTH = 16
export const MAX_NODES = 300
export const MAX_LIST = 1000
