/** Checksums by a shared object. They tell a changed file from an unchanged one; for secrets use `crypto`. */
interface NativeHashModule {
  /**
   * CRC-32 as eight hex digits, as in zip and png.
   * @throws NATIVE_HASH_ARGUMENT when `data` is neither a text (hashed as UTF-8) nor bytes
   */
  crc32(data: string | Uint8Array): Promise<string>
  /**
   * FNV-1a of 32 bits as eight hex digits.
   * @throws NATIVE_HASH_ARGUMENT when `data` is neither a text (hashed as UTF-8) nor bytes
   */
  fnv1a(data: string | Uint8Array): Promise<string>
}
