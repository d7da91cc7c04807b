import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { ApiKeyScope, ApiKeyView, NewApiKey, createApiKeyInput } from './api-keys.schema.ts'

/** A program that showed a good key. */
export interface ApiKeyHolder {
  keyId: string
  projectId: string
  name: string
  scopes: ApiKeyScope[]
}

/** Keys by which programs use one project. Only hashes are kept. */
export interface ApiKeysService {
  list(projectId: string): Promise<ApiKeyView[]>
  create(actor: SignedIn, input: z.output<typeof createApiKeyInput>): Promise<NewApiKey>
  /** A new secret for the same key; the old one is dead at once. @throws PROJECT_NO_API_KEY */
  regenerate(actor: SignedIn, projectId: string, keyId: string): Promise<NewApiKey>
  revoke(actor: SignedIn, projectId: string, keyId: string): Promise<void>
  /** `null` for an unknown, revoked or expired key. */
  authenticate(token: string): Promise<ApiKeyHolder | null>
}
