import { defineErrors } from '@m3m/base'

export const queryErrors = defineErrors({
  QUERY_FIELD_UNKNOWN: {
    blame: 'user',
    status: 400,
    text: (p: { field: string; model: string }) =>
      `The model "${p.model}" has no field "${p.field}"; its fields and id, createdAt, updatedAt, version can be asked for.`,
  },
  QUERY_OPERATOR_UNKNOWN: {
    blame: 'user',
    status: 400,
    text: (p: { operator: string }) =>
      `There is no operator "${p.operator}"; the reference of database filters lists those that exist.`,
  },
  QUERY_OPERATOR_MISFIT: {
    blame: 'user',
    status: 400,
    text: (p: { operator: string; field: string; type: string }) =>
      `The operator "${p.operator}" cannot be used on "${p.field}", which is of the type ${p.type}.`,
  },
  QUERY_VALUE: {
    blame: 'user',
    status: 400,
    text: (p: { field: string; problem: string }) => `The filter on "${p.field}" was refused: ${p.problem}`,
  },
  QUERY_SHAPE: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The query was refused: ${p.problem}`,
  },
  QUERY_SYNTAX: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string; at: number; near: string }) =>
      `The filter cannot be read: ${p.problem} at character ${p.at}${p.near ? `, near "${p.near}"` : ''}.`,
  },
  QUERY_TOO_COMPLEX: {
    blame: 'user',
    status: 400,
    text: (p: { what: string; limit: number }) =>
      `The query is too complex: it may have at most ${p.limit} ${p.what}; split it.`,
  },
  QUERY_PATTERN: {
    blame: 'user',
    status: 400,
    text: (p: { pattern: string; problem: string }) =>
      `The pattern "${p.pattern}" cannot be used: ${p.problem}. For plain text use contains, startsWith or endsWith.`,
  },
  QUERY_SORT: {
    blame: 'user',
    status: 400,
    text: (p: { key: string; problem: string }) => `Records cannot be sorted by "${p.key}": ${p.problem}.`,
  },
  QUERY_CURSOR: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The cursor cannot be used: ${p.problem}; begin again without one.`,
  },
  QUERY_TOO_BROAD: {
    blame: 'user',
    status: 400,
    text: (p: { field: string; limit: number }) =>
      `More than ${p.limit} records match the condition on "${p.field}"; make it narrower.`,
  },
  QUERY_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { model: string; ms: number }) =>
      `The query on "${p.model}" took longer than ${p.ms} ms and was ended; add an index to what it filters or sorts by.`,
  },
})
