/** What did not fit: the field, the first rule it failed, the value, and a text for people. */
interface ValidationError {
  field: string
  tag: string
  value: unknown
  message: string
}
interface ValidationResult {
  valid: boolean
  /** One for each field that failed, in the order of the rules. */
  errors: ValidationError[]
}
/** Rules by field, such as `{ email: 'required,email', age: 'omitempty,min=18' }`; an object of rules for an object inside. */
interface ValidationFields {
  [field: string]: string | ValidationFields
}

/** Checks of values, by rules or by single questions. Everything is synchronous in both spellings; lengths count characters. */
interface ValidatorModule {
  /**
   * Rules that are read once and used often.
   * @throws VALIDATOR_RULE_UNKNOWN, VALIDATOR_RULES_INVALID
   */
  schema(fields: ValidationFields): {
    validate(data: unknown): ValidationResult
    isValid(data: unknown): boolean
  }
  /**
   * Checks the members of an object. A member that is missing fails only when its rules name `required`.
   * @throws VALIDATOR_RULE_UNKNOWN, VALIDATOR_RULES_INVALID
   */
  struct(data: unknown, fields: ValidationFields): ValidationResult
  /** Checks one value; `field` of its error is `''`. @throws VALIDATOR_RULE_UNKNOWN, VALIDATOR_RULES_INVALID */
  var(value: unknown, rules: string): ValidationResult
  /** Whether one value fits. @throws VALIDATOR_RULE_UNKNOWN, VALIDATOR_RULES_INVALID */
  isValid(value: unknown, rules: string): boolean
  /** `name@example.com`. */
  isEmail(value: unknown): boolean
  /** A URL with a scheme: `https://example.com/x`. */
  isURL(value: unknown): boolean
  /** A UUID of any version. */
  isUUID(value: unknown): boolean
  /** A UUID of version 4. */
  isUUIDv4(value: unknown): boolean
  /** Digits with an optional sign and fraction. */
  isNumeric(value: unknown): boolean
  /** Latin letters only. */
  isAlpha(value: unknown): boolean
  /** Latin letters and digits only. */
  isAlphanumeric(value: unknown): boolean
  /** A text that is JSON. */
  isJSON(value: unknown): boolean
  /** Base64 with padding. */
  isBase64(value: unknown): boolean
  /** An IPv4 or IPv6 address. */
  isIP(value: unknown): boolean
  /** An IPv4 address. */
  isIPv4(value: unknown): boolean
  /** An IPv6 address. */
  isIPv6(value: unknown): boolean
  /** A range of addresses: `10.0.0.0/8`. */
  isCIDR(value: unknown): boolean
  /** A hardware address: `01:23:45:67:89:ab`. */
  isMAC(value: unknown): boolean
  /** `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`. */
  isHexColor(value: unknown): boolean
  /** `rgb(1, 2, 3)`. */
  isRGBColor(value: unknown): boolean
  /** `rgba(1, 2, 3, 0.5)`. */
  isRGBAColor(value: unknown): boolean
  /** Degrees from -90 to 90. */
  isLatitude(value: unknown): boolean
  /** Degrees from -180 to 180. */
  isLongitude(value: unknown): boolean
  /** A card number whose check digit is right. */
  isCreditCard(value: unknown): boolean
  /** An ISBN of 10 or 13 digits whose check digit is right. */
  isISBN(value: unknown): boolean
  /** Whether the text holds the part. */
  contains(value: string, part: string): boolean
  /** Whether the text begins with the part. */
  startsWith(value: string, part: string): boolean
  /** Whether the text ends with the part. */
  endsWith(value: string, part: string): boolean
  /** At least so many characters. */
  minLength(value: string, min: number): boolean
  /** At most so many characters. */
  maxLength(value: string, max: number): boolean
  /** Exactly so many characters. */
  length(value: string, length: number): boolean
  /** From `min` to `max` characters, both included. */
  lengthBetween(value: string, min: number, max: number): boolean
  /** Whether the pattern (RE2 or JavaScript syntax) is found in the text; false when it is not valid. */
  matches(value: string, pattern: string): boolean
  /** A number of at least `min`; false for what is no number. */
  min(value: unknown, min: number): boolean
  /** A number of at most `max`; false for what is no number. */
  max(value: unknown, max: number): boolean
  /** A number from `min` to `max`, both included; false for what is no number. */
  between(value: unknown, min: number, max: number): boolean
  /** Whether the value equals one of the list, members compared. */
  oneOf(value: unknown, allowed: readonly unknown[]): boolean
  /** False for `''`, `[]`, `{}`, `null` and `undefined`. */
  notEmpty(value: unknown): boolean
  /** False for `null` and `undefined` only. */
  required(value: unknown): boolean
}
