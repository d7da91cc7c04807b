// oxlint-disable typescript/no-explicit-any -- only the author knows what a text holds; `unknown` would mark every use of it red in JavaScript
/** Texts and data in other forms. Synchronous in both spellings. Bad input throws; in the `$` spelling it gives `''` or `null`. */
interface EncodingModule {
  /** Base64 (RFC 4648) of the UTF-8 bytes of a text, or of bytes. */
  base64Encode(data: string | Uint8Array): string
  /**
   * The text of base64, read as UTF-8. Missing padding is fine.
   * @param options `{ as: 'bytes' }` gives the bytes.
   * @throws ENCODING_INVALID (`$`: `''`)
   */
  base64Decode(text: string): string
  base64Decode(text: string, options: { as: 'bytes' }): Uint8Array
  /** As `base64Encode` with `-` and `_`, without padding: for URLs and file names. */
  base64urlEncode(data: string | Uint8Array): string
  /** @throws ENCODING_INVALID (`$`: `''`) */
  base64urlDecode(text: string): string
  base64urlDecode(text: string, options: { as: 'bytes' }): Uint8Array
  /** Lower-case hex of the UTF-8 bytes of a text, or of bytes. */
  hexEncode(data: string | Uint8Array): string
  /** @throws ENCODING_INVALID (`$`: `''`) */
  hexDecode(text: string): string
  hexDecode(text: string, options: { as: 'bytes' }): Uint8Array
  /** The value of a JSON text. @throws ENCODING_INVALID (`$`: `null`) */
  jsonParse(text: string): any
  /**
   * A value as JSON. The `$` spelling sorts keys and escapes `<`, `>` and `&`, as the original did.
   * @param indent Blanks for each level; without it everything is on one line.
   * @throws ENCODING_INVALID for a value that holds itself (`$`: `''`)
   */
  jsonStringify(value: unknown, indent?: number): string
  /** Percent-encodes everything but letters, digits and `-_.~`. Blanks are `%20`, in the `$` spelling `+`. */
  urlEncode(text: string): string
  /** The text again; in the `$` spelling `+` is a blank. @throws ENCODING_INVALID (`$`: `''`) */
  urlDecode(text: string): string
  /** `'a=1&b=2&b=3'` → `{ a: '1', b: ['2', '3'] }`. @throws ENCODING_INVALID (`$`: `null`) */
  queryParse(query: string): Record<string, string | string[]>
  /** The query of an object; lists repeat their key, `null` and `undefined` are left out. */
  queryStringify(query: object): string
  /**
   * Rows of a CSV text, as objects by the names in its first row.
   * @param options `header`: `false` gives lists, a list of names is used instead of the first row. `delimiter`: one character, default `,`.
   * @throws ENCODING_INVALID with line and column (`$`: `null`); ENCODING_OPTION_INVALID
   */
  csvParse(text: string, options?: { header?: true | string[]; delimiter?: string }): Record<string, string>[]
  csvParse(text: string, options: { header: false; delimiter?: string }): string[][]
  /**
   * CSV of rows: objects (under a row of names) or lists.
   * @param options `header: false` leaves the names out, `columns` chooses and orders them.
   * @throws ENCODING_OPTION_INVALID
   */
  csvStringify(rows: object[], options?: { header?: boolean; columns?: string[]; delimiter?: string }): string
  /**
   * XML as an object: attributes are `@name`, an element with text alone is that text, repeated elements are a list,
   * text between elements is `#text`. Document types are refused.
   * @throws ENCODING_INVALID with line and column (`$`: `null`)
   */
  xmlParse(text: string): any
  /**
   * The value of a YAML 1.2 document (one document, no complex keys).
   * @throws ENCODING_INVALID with line and column (`$`: `null`)
   */
  yamlParse(text: string): any
  /** A value as YAML, indented by two. @throws ENCODING_INVALID for a value that holds itself (`$`: `''`) */
  yamlStringify(value: unknown): string
}
