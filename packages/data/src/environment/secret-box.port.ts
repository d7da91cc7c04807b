/** Encrypts the values of secrets at rest. The agent implements it with its key file; runners get it by pipe. */
export interface SecretBox {
  /** Text that only {@link SecretBox.open} reads. */
  seal(plain: string): string
  /** @throws when the key is another or the text was tampered with. */
  open(sealed: string): string
}
