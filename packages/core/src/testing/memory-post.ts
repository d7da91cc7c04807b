import type { AlertPost } from '../features/alerts/alert-post.port.ts'

/** Keeps what would have been posted; refuses when it is told to. */
export class MemoryPost implements AlertPost {
  readonly posts: { url: string; body: string; headers: Readonly<Record<string, string>> }[] = []
  failure: Error | null = null

  async json(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.failure) throw this.failure
    this.posts.push({ url, body, headers })
  }
}
