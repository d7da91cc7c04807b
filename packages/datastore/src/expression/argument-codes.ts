/** The numbers by which MongoDB refuses the named operands of one operator. */
interface ArgumentCodes {
  /** The operand is no document. */
  object: number
  /** It has a field that the operator does not know. */
  unknown: number
  /** A field that must be there is not; by name, or one number for all. */
  missing: Readonly<Record<string, number>> | number
}

const FAILED_TO_PARSE = 9

/** Of `$firstN`, `$lastN`, `$minN` and `$maxN`, as expressions and as accumulators. */
const SEVERAL: ArgumentCodes = {
  object: 5787900,
  unknown: 5787901,
  missing: { n: 5787906, input: 5787907 },
}

const REPLACE: ArgumentCodes = {
  object: 51751,
  unknown: 51750,
  missing: { input: 51749, find: 51748, replacement: 51747 },
}

const TRIM: ArgumentCodes = { object: 50696, unknown: 50694, missing: 50695 }
const REGEX: ArgumentCodes = { object: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } }
const DATE_ADD: ArgumentCodes = { object: 5166400, unknown: 5166401, missing: 5166402 }
const SET_FIELD: ArgumentCodes = {
  object: 4161100,
  unknown: 4161101,
  missing: { field: 4161102, value: 4161103, input: 4161109 },
}

/** Operators with named operands (mongodb/mongo, src/mongo/db/pipeline/expression*.cpp, release 7.0). */
export const ARGUMENT_CODES: Readonly<Record<string, ArgumentCodes>> = {
  $filter: { object: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } },
  $map: { object: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } },
  $reduce: { object: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } },
  $let: { object: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } },
  $zip: { object: 34460, unknown: 34464, missing: 34465 },
  $sortArray: { object: 2942500, unknown: 2942501, missing: { input: 2942502, sortBy: 2942503 } },
  $firstN: SEVERAL,
  $lastN: SEVERAL,
  $minN: SEVERAL,
  $maxN: SEVERAL,
  $trim: TRIM,
  $ltrim: TRIM,
  $rtrim: TRIM,
  $replaceOne: REPLACE,
  $replaceAll: REPLACE,
  $regexMatch: REGEX,
  $regexFind: REGEX,
  $regexFindAll: REGEX,
  $convert: { object: FAILED_TO_PARSE, unknown: FAILED_TO_PARSE, missing: FAILED_TO_PARSE },
  $getField: { object: 3041700, unknown: 3041701, missing: { field: 3041702, input: 3041703 } },
  $setField: SET_FIELD,
  $unsetField: SET_FIELD,
  $dateToString: { object: 18629, unknown: 18534, missing: 18628 },
  $dateFromString: { object: 40540, unknown: 40541, missing: 40542 },
  $dateFromParts: { object: 40519, unknown: 40518, missing: 40516 },
  $dateToParts: { object: 40524, unknown: 40520, missing: 40522 },
  $dateAdd: DATE_ADD,
  $dateSubtract: DATE_ADD,
  $dateDiff: {
    object: 5166301,
    unknown: 5166302,
    missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
  },
  $dateTrunc: { object: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } },
  $median: { object: 7436100, unknown: 40415, missing: 40414 },
  $percentile: { object: 7436200, unknown: 40415, missing: 40414 },
}
