import { safeStorage } from 'electron'
import type { KeychainCipher } from '../session/token-vault.ts'

/** The system's keychain by Electron's asynchronous methods (the synchronous ones are deprecated since 45). */
export const keychain: KeychainCipher = {
  async isStrong() {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
    // On Linux without a keyring Chromium falls back to a key that is in its source: no protection at all.
    return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  async decrypt(bytes) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(bytes))
    return { text: result, stale: shouldReEncrypt }
  },
}
