/** The smallest plugin: a greeting, a sum, a reversed text. */
interface ExampleModule {
  /**
   * A greeting from the project. Its first word is the setting `greeting` of the plugin.
   * @throws EXAMPLE_NAME_INVALID when the name is no text or longer than 100 characters
   */
  hello(name: string): Promise<string>
  /** The sum of two numbers. */
  add(a: number, b: number): number
  /** The text with its characters in reverse order. */
  reverse(text: string): string
}
